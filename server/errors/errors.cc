#include "errors/errors.h"

#include "absl/strings/str_cat.h"
#include "errors/details.h"
#include "google/rpc/error_details.pb.h"

namespace dataservice {
namespace {

// How long a caller should wait before it tries again.
constexpr int kRetryMilliseconds = 1000;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

void AddResource(absl::Status& status, std::string_view resource, std::string_view key) {
  google::rpc::ResourceInfo info;
  info.set_resource_type(std::string(resource));
  info.set_resource_name(std::string(key));
  AddDetail(status, info);
}

absl::Status Precondition(std::string_view message, std::string_view reason,
                          std::string_view resource, std::string_view constraint) {
  absl::Status status = absl::FailedPreconditionError(View(message));
  AddReason(status, reason);
  google::rpc::PreconditionFailure failure;
  auto* violation = failure.add_violations();
  violation->set_type(std::string(reason));
  violation->set_subject(std::string(constraint));
  violation->set_description(std::string(message));
  AddDetail(status, failure);
  AddResource(status, resource, "");
  return status;
}

}  // namespace

absl::Status InvalidArgument(const std::vector<Violation>& violations) {
  std::string message = "the request breaks its rules";
  google::rpc::BadRequest details;
  const char* separator = ": ";
  for (const Violation& violation : violations) {
    auto* added = details.add_field_violations();
    added->set_field(violation.field);
    added->set_description(violation.description);
    if (message.size() < 1000) {
      absl::StrAppend(&message, separator, violation.field, violation.field.empty() ? "" : ": ",
                      violation.description);
    }
    separator = "; ";
  }
  absl::Status status = absl::InvalidArgumentError(message);
  AddDetail(status, details);
  return status;
}

absl::Status InvalidArgument(std::string_view field, std::string_view description) {
  Violation violation;
  violation.field = std::string(field);
  violation.description = std::string(description);
  return InvalidArgument(std::vector<Violation>{std::move(violation)});
}

absl::Status MalformedRequest() {
  return InvalidArgument("",
                         "the request is no message of this method, or has text that is not UTF-8");
}

absl::Status NotFound(std::string_view resource, std::string_view key) {
  absl::Status status =
      absl::NotFoundError(absl::StrCat("no ", View(resource), " has the key ", View(key)));
  AddResource(status, resource, key);
  return status;
}

absl::Status AlreadyExists(std::string_view resource, std::string_view key) {
  absl::Status status =
      absl::AlreadyExistsError(absl::StrCat("a ", View(resource), " has the key ", View(key)));
  AddResource(status, resource, key);
  return status;
}

absl::Status EtagMismatch(std::string_view resource, std::string_view key) {
  absl::Status status = absl::AbortedError(absl::StrCat(
      "the ", View(resource), " ", View(key), " is not at the version that the request names"));
  AddReason(status, "ETAG_MISMATCH");
  AddResource(status, resource, key);
  return status;
}

absl::Status MustNotExist(std::string_view resource, std::string_view key) {
  absl::Status status = absl::AbortedError(
      absl::StrCat("a ", View(resource), " has the key ", View(key),
                   ", and the request asks that there be none (If-None-Match: *)"));
  AddReason(status, "ETAG_MISMATCH");
  AddResource(status, resource, key);
  return status;
}

absl::Status ReferenceMissing(std::string_view resource, std::string_view constraint) {
  return Precondition("a row that this one refers to does not exist", "REFERENCE_MISSING", resource,
                      constraint);
}

absl::Status StillReferenced(std::string_view resource, std::string_view constraint) {
  return Precondition("another row still refers to this one", "STILL_REFERENCED", resource,
                      constraint);
}

absl::Status UniqueBroken(std::string_view resource, std::string_view constraint) {
  return Precondition("another row has the same unique value", "UNIQUE_BROKEN", resource,
                      constraint);
}

absl::Status QueueFull() {
  absl::Status status = absl::ResourceExhaustedError("the server has too much to do; try again");
  AddReason(status, "QUEUE_FULL");
  AddRetryInfo(status, kRetryMilliseconds);
  return status;
}

absl::Status DeadlineExceeded() {
  return absl::DeadlineExceededError("the deadline passed before the request was answered");
}

absl::Status DeadlineExceededOutcomeUnknown() {
  absl::Status status = absl::DeadlineExceededError(
      "the deadline passed before the database answered; the write may have been done");
  AddReason(status, "OUTCOME_UNKNOWN");
  return status;
}

absl::Status Cancelled() { return absl::CancelledError("the caller cancelled the request"); }

absl::Status DatabaseUnavailable() {
  absl::Status status = absl::UnavailableError("the database is not available; try again");
  AddReason(status, "DATABASE_UNAVAILABLE");
  AddRetryInfo(status, kRetryMilliseconds);
  return status;
}

absl::Status OutcomeUnknown() {
  absl::Status status = absl::UnavailableError(
      "the connection to the database was lost; the write may have been done");
  AddReason(status, "OUTCOME_UNKNOWN");
  return status;
}

absl::Status ShuttingDown() {
  absl::Status status = absl::UnavailableError("the server is shutting down; try another");
  AddReason(status, "SHUTTING_DOWN");
  AddRetryInfo(status, kRetryMilliseconds);
  return status;
}

absl::Status UnknownMethod(std::string_view path) {
  return absl::UnimplementedError(absl::StrCat("no method ", View(path)));
}

absl::Status Internal(std::string_view log_id) {
  absl::Status status = absl::InternalError(
      absl::StrCat("an internal error; the server's log has it under ", View(log_id)));
  google::rpc::RequestInfo info;
  info.set_request_id(std::string(log_id));
  AddDetail(status, info);
  return status;
}

}  // namespace dataservice
