#include "status_info.h"

#include "google/rpc/status.pb.h"

namespace dataservice::test {

google::rpc::ErrorInfo InfoOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  google::rpc::ErrorInfo info;
  for (const auto& detail : details.details()) {
    if (detail.UnpackTo(&info)) return info;
  }
  return {};
}

std::string ReasonOf(const grpc::Status& status) { return InfoOf(status).reason(); }

}  // namespace dataservice::test
