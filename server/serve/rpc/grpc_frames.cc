#include "serve/rpc/grpc_frames.h"

#include <grpc/slice.h>
#include <grpc/slice_buffer.h>

#include "absl/status/status.h"
#include "log.h"
#include "serve/connection/seldom.h"
#include "serve/connection/watched_sockets.h"
#include "serve/rpc/original.h"

// gRPC 1.51's own declarations, as far as they matter (its source has them in
// chttp2/transport/internal.h, transport/transport.h and iomgr/endpoint.h).
struct grpc_chttp2_transport;  // begins with a grpc_transport
struct grpc_transport;
struct grpc_endpoint;
struct grpc_closure;

absl::Status grpc_chttp2_perform_read(grpc_chttp2_transport* transport, const grpc_slice& slice);
void grpc_endpoint_write(grpc_endpoint* endpoint, grpc_slice_buffer* slices, grpc_closure* done,
                         void* argument, int max_frame_size);
grpc_endpoint* grpc_transport_get_endpoint(grpc_transport* transport);
int grpc_endpoint_get_fd(grpc_endpoint* endpoint);

namespace {

using dataservice::ClientConnection;
using dataservice::Original;

constinit Original<decltype(grpc_chttp2_perform_read)> original_perform_read(
    "_Z24grpc_chttp2_perform_readP21grpc_chttp2_transportRK10grpc_slice");
constinit Original<decltype(grpc_endpoint_write)> original_endpoint_write(
    "_Z19grpc_endpoint_writeP13grpc_endpointP17grpc_slice_bufferP12grpc_closurePvi");

ClientConnection* ConnectionOf(grpc_endpoint* endpoint) {
  return endpoint == nullptr ? nullptr
                             : dataservice::WatchedConnection(grpc_endpoint_get_fd(endpoint));
}

// What a client sends begins with "PRI" (RFC 9113, 3.4), what a server sends does not.
bool IsReader(ClientConnection& connection, const void* endpoint, const grpc_slice& read) {
  const void* none = nullptr;
  const bool may_begin = GRPC_SLICE_LENGTH(read) > 0 && *GRPC_SLICE_START_PTR(read) == 'P';
  if (may_begin) connection.reader.compare_exchange_strong(none, endpoint);
  return connection.reader.load(std::memory_order_relaxed) == endpoint;
}

void Report(const ClientConnection& connection, std::string_view frames) {
  static dataservice::Seldom seldom;
  if (!seldom.IsDue()) return;
  dataservice::LogWarning("flood", {{"client", connection.address().Text()},
                                    {"frames", frames},
                                    {"advice", "the connection is closed"}});
}

}  // namespace

// An error closes the connection and cancels its calls.
absl::Status grpc_chttp2_perform_read(grpc_chttp2_transport* transport, const grpc_slice& slice) {
  auto* const endpoint = grpc_transport_get_endpoint(reinterpret_cast<grpc_transport*>(transport));
  auto* const connection = ConnectionOf(endpoint);
  if (connection != nullptr && IsReader(*connection, endpoint, slice)) {
    dataservice::FrameCounter& frames = connection->frames();
    if (!frames.Receive(GRPC_SLICE_START_PTR(slice), GRPC_SLICE_LENGTH(slice))) {
      connection->is_flood = true;
      Report(*connection, frames.problem());
      return absl::ResourceExhaustedError("the client sends too many frames");
    }
  }
  return original_perform_read(transport, slice);
}

// Under TLS also called for the endpoint beneath the one that HTTP/2 uses.
void grpc_endpoint_write(grpc_endpoint* endpoint, grpc_slice_buffer* slices, grpc_closure* done,
                         void* argument, int max_frame_size) {
  auto* const connection = ConnectionOf(endpoint);
  if (connection != nullptr && connection->reader.load(std::memory_order_relaxed) == endpoint) {
    connection->frames().Sent(slices->length);
  }
  original_endpoint_write(endpoint, slices, done, argument, max_frame_size);
}

namespace dataservice {

bool GrpcFramesAreCounted() {
  return original_perform_read.exists() && original_endpoint_write.exists();
}

}  // namespace dataservice
