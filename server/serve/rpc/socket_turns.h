// A fault of gRPC 1.51 (grpc_repairs.h has others): it reads a socket until nothing is left, and
// handles all calls that it finds. With 80 connections of 250 calls each, a health check on another
// connection waits until 20,000 calls have been read. So clients take turns: when as much has been
// read as one turn permits, gRPC gets the answer that nothing is left, and the kernel puts the
// socket at the end of those that are ready (EPOLL_CTL_MOD of epoll_ctl(2)).
//
// gRPC calls recvmsg and epoll_ctl of the C library for this, whose place functions of this program
// take (socket_turns.cc). They change nothing for sockets that are not a client's
// (connection/watched_sockets.h), nor where the kernel does not tell how much is left: for Unix
// sockets, and before Linux 4.18 (TCP_INQ of tcp(7)). Under TLS nothing can be read before a record
// is complete, so that the calls of one record, 16 KB at most, are read in one turn.
#pragma once

#include <cstddef>

namespace dataservice {

// Bytes of a turn: some 20 to 50 small calls. What is missing of a DATA frame comes on top, up to
// kMostDataBytes, so that large messages arrive in few turns.
inline constexpr size_t kTurnBytes = 2048;
// The same where several clients have many calls under way (ClientConnection::takes_short_turns):
// a call that comes alone waits for a turn of each of them. They are not slowed down by that; one
// that is alone, or has few calls under way, would be.
inline constexpr size_t kShortTurnBytes = 512;
inline constexpr size_t kMostDataBytes = size_t{64} * 1024;

// Whether the functions of the C library were found. To call it links the turns.
bool SocketsTakeTurns();

}  // namespace dataservice
