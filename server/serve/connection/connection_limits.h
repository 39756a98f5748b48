// What one client, and all together, may have. The flags of the server have these names.
#pragma once

#include <chrono>
#include <cstdint>

namespace dataservice {

// Calls under way on one connection; more wait in the client. In the server they would wait before
// the queue in which callers take turns, and delay the calls of other connections.
inline constexpr int kMaxConnectionCalls = 256;

// A connection that has so many may have to take short turns (ClientConnection::takes_short_turns).
inline constexpr int kShortTurnCalls = 32;

// Of the calls, streams.
inline constexpr int kMaxConnectionStreams = 100;

// Of what all clients may have, the last part of so many equal ones is kept for clients that have
// at most one of kModestPart.
inline constexpr int64_t kKeptPart = 8;
inline constexpr int64_t kModestPart = 128;

// Health checks under way: in all, of one client, and on one connection.
inline constexpr int kMaxHealthChecks = 1000;
inline constexpr int kMaxClientHealthChecks = 100;
inline constexpr int kMaxConnectionHealthChecks = 10;

// Health's Watch ends after this time; clients watch again.
inline constexpr std::chrono::minutes kMaxWatch{30};

// File descriptors that are kept for other things than connections of clients, and those that
// each of these needs.
inline constexpr int kOwnDescriptors = 128;
inline constexpr int kDescriptorsOfConnection = 2;

// The system gives a connection up whose client acknowledges nothing, or keeps its window closed,
// for so long.
inline constexpr std::chrono::seconds kMaxUnacknowledged{60};

struct ConnectionLimits {
  // Open connections; at most as many as the limit of file descriptors permits.
  int max_connections = 5000;
  // Of them, those of one client address; 0: half of them.
  int max_client_connections = 0;
  // Calls under way, streams among them, and bytes of answers that clients do not receive. One
  // client has half of each. The streams of CallService may carry as many calls again.
  int max_calls = 20000;
  int max_streams = 1000;
  int64_t max_unread_bytes = 256 * 1024 * 1024;
  // Bytes of messages of clients that have arrived in part, as above.
  int64_t max_partial_bytes = 256 * 1024 * 1024;
  // Time for TLS and the first frames of HTTP/2.
  std::chrono::milliseconds handshake_timeout{5000};
  // A connection without a call is closed after this time.
  std::chrono::milliseconds idle_timeout{300000};
  // Time for the message of a unary call to arrive.
  std::chrono::milliseconds request_timeout{10000};
  // A call whose answer is not received for so long is cancelled.
  std::chrono::milliseconds unread_timeout{60000};
  // Frames of HTTP/2 in a second that belong to no call, of one client. 0: no limit.
  int max_client_frame_rate = 1000;
};

}  // namespace dataservice
