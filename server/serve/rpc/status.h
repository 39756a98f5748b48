// absl::Status -> gRPC's status, the only place where one is made.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace dataservice {

// With the details as google.rpc.Status in grpc-status-details-bin.
grpc::Status ToGrpcStatus(const absl::Status& status);

}  // namespace dataservice
