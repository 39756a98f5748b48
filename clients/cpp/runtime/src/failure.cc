#include "dataservice/client/failure.h"

#include <absl/strings/cord.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <utility>

#include "google/rpc/error_details.pb.h"

namespace dataservice::client {
namespace {

// The payload with what the details of the service do not say.
constexpr char kCallPayload[] = "type.googleapis.com/google.rpc.ErrorInfo#call";
constexpr char kDomain[] = "dataservice.client";

template <class Detail>
bool Unpack(const google::protobuf::Any& any, Detail* detail) {
  return any.Is<Detail>() && any.UnpackTo(detail);
}

void AddDetail(const google::protobuf::Any& any, Error& error) {
  if (google::rpc::ErrorInfo info; Unpack(any, &info)) {
    error.reason = info.reason();
    error.metadata.insert(info.metadata().begin(), info.metadata().end());
  } else if (google::rpc::RetryInfo retry; Unpack(any, &retry)) {
    error.retry_after = absl::Seconds(retry.retry_delay().seconds()) +
                        absl::Nanoseconds(retry.retry_delay().nanos());
  } else if (google::rpc::RequestInfo request; Unpack(any, &request)) {
    error.request_id = request.request_id();
  } else if (google::rpc::ResourceInfo resource; Unpack(any, &resource)) {
    error.resource = resource.resource_name();
  } else if (google::rpc::BadRequest bad; Unpack(any, &bad)) {
    for (const auto& violation : bad.field_violations()) {
      error.violations.push_back({violation.field(), violation.description()});
    }
  } else if (google::rpc::PreconditionFailure failed; Unpack(any, &failed)) {
    for (const auto& violation : failed.violations()) {
      error.violations.push_back({violation.subject(), violation.description()});
    }
  }
}

// Reports whether the error leaves open what an earlier attempt did.
bool IsTransient(const Error& error) {
  switch (error.code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kResourceExhausted:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return true;
    default:
      return error.retry_after.has_value();
  }
}

// Returns the code of an attempt. gRPC reports a connection or a stream that broke also as
// UNKNOWN or INTERNAL. It has no details then, which the errors of the service have.
grpc::StatusCode CodeOf(const grpc::Status& status) {
  const grpc::StatusCode code = status.error_code();
  const bool may_be_broken =
      code == grpc::StatusCode::UNKNOWN || code == grpc::StatusCode::INTERNAL;
  return may_be_broken && status.error_details().empty() ? grpc::StatusCode::UNAVAILABLE : code;
}

// Returns the name of the error's type; empty if it has none.
const char* NameOf(const Error& error, bool in_doubt) {
  if (error.reason == "OUTCOME_UNKNOWN" || (in_doubt && IsTransient(error))) {
    return OutcomeUnknown::kName;
  }
  if (error.reason == "REQUEST_ID_REUSED") return RequestIdReused::kName;
  if (error.reason == "ETAG_MISMATCH") return VersionMismatch::kName;
  switch (error.code) {
    case absl::StatusCode::kNotFound:
      return NotFound::kName;
    case absl::StatusCode::kAlreadyExists:
      return AlreadyExists::kName;
    case absl::StatusCode::kInvalidArgument:
      return InvalidArgument::kName;
    case absl::StatusCode::kResourceExhausted:
      return error.retry_after ? TooBusy::kName : Error::kName;
    default:
      return Error::kName;
  }
}

std::string TextOf(const Error& error) {
  std::string text = absl::StrCat(error.method, ": ", error.message);
  if (!error.reason.empty()) absl::StrAppend(&text, " (", error.reason, ")");
  for (const Violation& violation : error.violations) {
    absl::StrAppend(&text, "; ", violation.field, ": ", violation.description);
  }
  if (!error.request_id.empty()) absl::StrAppend(&text, " [request id ", error.request_id, "]");
  if (error.attempts > 1) absl::StrAppend(&text, " [", error.attempts, " attempts]");
  return text;
}

// Returns the payload with the call; absent if the status is not of a call.
std::optional<google::rpc::ErrorInfo> ReadCall(const absl::Status& status) {
  const auto payload = status.GetPayload(kCallPayload);
  google::rpc::ErrorInfo call;
  if (!payload || !call.ParseFromString(std::string(*payload))) return std::nullopt;
  return call;
}

}  // namespace

Failure ReadFailure(const std::string& method, const std::string& request_id,
                    const google::rpc::Status& status) {
  Failure failure;
  failure.error.code = static_cast<absl::StatusCode>(status.code());
  failure.error.message = status.message();
  failure.error.method = method;
  failure.error.request_id = request_id;
  for (const google::protobuf::Any& detail : status.details()) {
    AddDetail(detail, failure.error);
    failure.details.push_back(detail);
  }
  return failure;
}

Failure ReadFailure(const std::string& method, const std::string& request_id,
                    const grpc::Status& status) {
  google::rpc::Status detailed;
  if (!detailed.ParseFromString(status.error_details())) detailed.Clear();
  // Without details, or with those of something between client and service.
  detailed.set_code(CodeOf(status));
  detailed.set_message(status.error_message());
  return ReadFailure(method, request_id, detailed);
}

bool IsInDoubt(const Error& error) {
  switch (error.code) {
    case absl::StatusCode::kUnavailable:
      return !error.retry_after;
    case absl::StatusCode::kDeadlineExceeded:
      return error.reason != "STATEMENT_TIMEOUT";
    case absl::StatusCode::kCancelled:
      return true;
    default:
      return error.reason == "OUTCOME_UNKNOWN";
  }
}

absl::Status ToStatus(const Failure& failure, bool in_doubt) {
  const Error& error = failure.error;
  absl::Status status(error.code, TextOf(error));
  for (const google::protobuf::Any& detail : failure.details) {
    status.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  google::rpc::ErrorInfo call;
  call.set_domain(kDomain);
  call.set_reason(NameOf(error, in_doubt));
  auto& metadata = *call.mutable_metadata();
  metadata["method"] = error.method;
  metadata["request_id"] = error.request_id;
  metadata["message"] = error.message;
  metadata["attempts"] = absl::StrCat(error.attempts);
  status.SetPayload(kCallPayload, absl::Cord(call.SerializeAsString()));
  return status;
}

namespace internal {

std::string ErrorName(const absl::Status& status) {
  const auto call = ReadCall(status);
  return call ? call->reason() : "";
}

std::optional<Error> ReadError(const absl::Status& status, const char* name) {
  const auto call = ReadCall(status);
  if (!call || (*name != '\0' && call->reason() != name)) return std::nullopt;
  Error error;
  status.ForEachPayload([&error](absl::string_view type, const absl::Cord& value) {
    google::protobuf::Any detail;
    detail.set_type_url(std::string(type));
    detail.set_value(std::string(value));
    AddDetail(detail, error);
  });
  const auto& metadata = call->metadata();
  error.code = status.code();
  error.method = metadata.at("method");
  error.request_id = metadata.at("request_id");
  error.message = metadata.at("message");
  (void)absl::SimpleAtoi(metadata.at("attempts"), &error.attempts);
  return error;
}

}  // namespace internal

}  // namespace dataservice::client
