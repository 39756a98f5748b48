#include "serve/errors/details.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"

namespace dataservice {
namespace {

constexpr absl::string_view kTypePrefix = "type.googleapis.com/";

google::rpc::Status ToRpcStatus(const absl::Status& status) {
  google::rpc::Status rpc;
  rpc.set_code(static_cast<int>(status.code()));
  rpc.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    auto* detail = rpc.add_details();
    detail->set_type_url(std::string(type));
    detail->set_value(std::string(payload));
  });
  return rpc;
}

}  // namespace

void AddDetail(absl::Status& status, const google::protobuf::Message& detail) {
  status.SetPayload(absl::StrCat(kTypePrefix, detail.GetTypeName()),
                    absl::Cord(detail.SerializeAsString()));
}

bool FindDetail(const absl::Status& status, google::protobuf::Message& detail) {
  const auto payload = status.GetPayload(absl::StrCat(kTypePrefix, detail.GetTypeName()));
  return payload.has_value() && detail.ParseFromString(std::string(*payload));
}

google::rpc::ErrorInfo InfoOf(v1::ErrorReason reason) {
  google::rpc::ErrorInfo info;
  if (reason != v1::ERROR_REASON_UNSPECIFIED) info.set_reason(v1::ErrorReason_Name(reason));
  info.set_domain(std::string(kErrorDomain));
  return info;
}

void AddReason(absl::Status& status, v1::ErrorReason reason) { AddDetail(status, InfoOf(reason)); }

void AddRetryInfo(absl::Status& status, int milliseconds) {
  google::rpc::RetryInfo info;
  info.mutable_retry_delay()->set_seconds(milliseconds / 1000);
  info.mutable_retry_delay()->set_nanos(milliseconds % 1000 * 1000000);
  AddDetail(status, info);
}

std::string SerializedRpcStatus(const absl::Status& status) {
  const google::rpc::Status rpc = ToRpcStatus(status);
  return rpc.details().empty() ? std::string() : rpc.SerializeAsString();
}

std::string ClippedRpcStatus(const absl::Status& status, size_t most) {
  google::rpc::Status rpc = ToRpcStatus(status);
  if (rpc.ByteSizeLong() > most) rpc.clear_details();
  return rpc.SerializeAsString();
}

}  // namespace dataservice
