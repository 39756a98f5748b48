#include "status_info.h"

#include <algorithm>

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

std::vector<std::string> ViolationsOf(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  std::vector<std::string> violations;
  for (const auto& detail : details.details()) {
    google::rpc::BadRequest rules;
    google::rpc::PreconditionFailure failure;
    if (detail.UnpackTo(&rules)) {
      for (const auto& violation : rules.field_violations()) {
        violations.push_back(violation.field() + ": " + violation.description());
      }
    } else if (detail.UnpackTo(&failure)) {
      for (const auto& violation : failure.violations()) {
        violations.push_back(violation.subject() + ": " + violation.description());
      }
    }
  }
  return violations;
}

std::string ReasonOf(const grpc::Status& status) { return InfoOf(status).reason(); }

bool HasRetryInfo(const grpc::Status& status) {
  google::rpc::Status details;
  details.ParseFromString(status.error_details());
  return std::any_of(details.details().begin(), details.details().end(), [](const auto& detail) {
    return detail.template Is<google::rpc::RetryInfo>();
  });
}

}  // namespace dataservice::test
