// Four faults of gRPC 1.51, the newest that Debian has, which no function of its API
// reaches:
// - A message whose first byte is neither 0 nor 1 arrives as an empty message, or not
//   at all: an export would forget its filter, an import its rows. One that is
//   compressed (1) by nothing that gRPC knows is taken as it is. This server takes no
//   compressed message, so each is broken.
// - A "-bin" header that is not base64 ends the whole connection, with the calls of
//   all who share it (CVE-2023-32732).
// - A message is compared with the longest one that is permitted (SetMaxReceiveMessageSize) only
//   after it has arrived: a client that declares 3 GB and sends half makes the server keep them.
// - A thread that has other events to handle leaves the work of a connection that two threads use
//   to one of gRPC's own threads. That does not begin with the next connection before it has
//   nothing left to do for the first: a connection with many calls stops others for a second.
// The functions that are at fault are symbols of libgrpc.so, which calls them as any
// program would. So this program has functions of the same names, which take their
// place: they call the originals, and see to their errors.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>

namespace dataservice {

// Whether all functions were found in libgrpc. To call it links the repairs.
bool GrpcIsRepaired();

// Messages of more bytes are not read: what is read instead IsTooLong. Of all servers and clients
// of the process, for which the largest value counts.
void LimitMessages(size_t bytes);

// Whether what was read stands for a message that was not read because of its length.
bool IsTooLong(const grpc::ByteBuffer& message);

// Whether what was read is no message, but stands for one that gRPC could not read.
bool IsBroken(const grpc::ByteBuffer& message);

}  // namespace dataservice
