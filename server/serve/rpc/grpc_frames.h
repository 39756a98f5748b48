// Shows the frames that gRPC reads to the FrameCounter of their connection, in clear also under
// TLS, and ends the connection that it refuses. gRPC 1.51 has no setting for that. As
// grpc_repairs.h, this program has functions with the names of two of libgrpc.so, which libgrpc.so
// calls instead of its own: the one that parses what arrived (grpc_chttp2_perform_read), and the
// one that sends bytes (grpc_endpoint_write).
#pragma once

namespace dataservice {

// Whether the functions were found in libgrpc. To call it links them.
bool GrpcFramesAreCounted();

}  // namespace dataservice
