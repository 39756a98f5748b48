#include "serve/rpc/status.h"

#include <string>

#include "serve/errors/details.h"

namespace dataservice {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      SerializedRpcStatus(status));
}

}  // namespace dataservice
