#include "serve/errors/errors.h"

#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "contract/rules/utf8.h"
#include "contract/rules/validator.h"
#include "engine_limits.h"
#include "google/rpc/error_details.pb.h"
#include "serve/errors/details.h"
#include "view.h"

namespace dataservice {
namespace {

// How long a caller should wait before it tries again.
constexpr int kRetryMilliseconds = 1000;

// A status travels in HTTP/2 headers, of which clients take 8 KB by default, and
// what callers sent may be of any length.
constexpr size_t kMaxEcho = 200;
constexpr size_t kMaxMessage = 500;
constexpr size_t kMaxDetails = 4000;

std::string Clipped(std::string_view text, size_t most = kMaxEcho) {
  return rules::ShortenUtf8(text, most);
}

void AddResource(absl::Status& status, std::string_view resource, std::string_view key) {
  google::rpc::ResourceInfo info;
  info.set_resource_type(std::string(resource));
  info.set_resource_name(Clipped(key));
  AddDetail(status, info);
}

void AddLogId(absl::Status& status, std::string_view log_id) {
  google::rpc::RequestInfo info;
  info.set_request_id(std::string(log_id));
  AddDetail(status, info);
}

absl::Status Unauthenticated(absl::string_view message, v1::ErrorReason reason) {
  absl::Status status = absl::UnauthenticatedError(message);
  AddReason(status, reason);
  return status;
}

absl::Status Precondition(std::string_view message, v1::ErrorReason reason,
                          std::string_view resource, const FieldPaths& fields,
                          std::string_view description) {
  absl::Status status = absl::FailedPreconditionError(View(message));
  AddReason(status, reason);
  google::rpc::PreconditionFailure failure;
  const auto add = [&](const std::string& field) {
    auto* violation = failure.add_violations();
    violation->set_type(v1::ErrorReason_Name(reason));
    violation->set_subject(field);
    violation->set_description(std::string(description));
  };
  for (const std::string& field : fields) add(field);
  if (fields.empty()) add("");
  AddDetail(status, failure);
  AddResource(status, resource, "");
  return status;
}

absl::Status Precondition(std::string_view message, v1::ErrorReason reason,
                          std::string_view resource, const FieldPaths& fields) {
  return Precondition(message, reason, resource, fields, message);
}

}  // namespace

absl::Status InvalidArgument(const std::vector<Violation>& violations) {
  std::string message = "the request breaks its rules";
  google::rpc::BadRequest details;
  const char* separator = ": ";
  size_t left = violations.size();
  for (const Violation& violation : violations) {
    google::rpc::BadRequest::FieldViolation added;
    added.set_field(Clipped(violation.field));
    added.set_description(Clipped(violation.description));
    if (details.ByteSizeLong() + added.ByteSizeLong() > kMaxDetails) break;
    *details.add_field_violations() = added;
    absl::StrAppend(&message, separator, added.field(), added.field().empty() ? "" : ": ",
                    added.description());
    separator = "; ";
    --left;
  }
  message = Clipped(message, kMaxMessage);
  // Checks stop at this number, so that there may be more than were found.
  const bool all_found = violations.size() < Validator::kMaxViolations;
  if (left > 0) {
    absl::StrAppend(&message, " (and ", all_found ? "" : "at least ", left, " more)");
  } else if (!all_found) {
    message += " (and maybe more)";
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

absl::Status InvalidFields(const FieldPaths& fields, std::string_view description) {
  if (fields.empty()) return InvalidArgument("", description);
  std::vector<Violation> violations(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    violations[i].field = fields[i];
    violations[i].description = std::string(description);
  }
  return InvalidArgument(violations);
}

absl::Status MalformedRequest() {
  return InvalidArgument("",
                         "the request is no message of this method, or has text that is not UTF-8");
}

absl::Status NestedTooDeep(std::string_view field) {
  return InvalidArgument(field,
                         "is nested too deep: at most 100 messages are read within one "
                         "another, and a list or an object of JSON is several");
}

absl::Status TooManyParts(std::string_view field) {
  return InvalidArgument(
      field, absl::StrCat("has too much in it: a request has at most ", kMaxRequestMessages,
                          " messages and ", kMaxRequestValues, " values, and a batch ",
                          kMaxBatchSize, " elements"));
}

absl::Status NotFound(std::string_view resource, std::string_view key) {
  absl::Status status =
      absl::NotFoundError(absl::StrCat("no ", View(resource), " has the key ", Clipped(key)));
  AddResource(status, resource, key);
  return status;
}

absl::Status AlreadyExists(std::string_view resource, std::string_view key) {
  absl::Status status =
      absl::AlreadyExistsError(absl::StrCat("a ", View(resource), " has the key ", Clipped(key)));
  AddResource(status, resource, key);
  return status;
}

absl::Status OwnerIsAnonymous(std::string_view resource) {
  absl::Status status = absl::UnauthenticatedError(
      absl::StrCat("each ", View(resource),
                   " belongs to a caller, and this call is anonymous; nothing was done"));
  AddReason(status, v1::OWNER_UNKNOWN);
  return status;
}

absl::Status OwnerClaimMissing(std::string_view resource, std::string_view claim) {
  absl::Status status = absl::PermissionDeniedError(
      absl::StrCat("each ", View(resource), " belongs to the owner that the claim ", View(claim),
                   " names, which the caller lacks, or whose value cannot be an owner; nothing was "
                   "done"));
  AddReason(status, v1::OWNER_UNKNOWN);
  return status;
}

absl::Status NotAnOwner(std::string_view field) {
  return InvalidArgument(std::string(field),
                         absl::StrCat("must be an owner: 1 to ", kMaxOwnerBytes,
                                      " bytes of text, and a UUID if the field is one"));
}

absl::Status KeyOfSeveralOwners(std::string_view resource, std::string_view key) {
  return absl::FailedPreconditionError(
      absl::StrCat("several owners have the ", View(resource), " ", Clipped(key),
                   "; list with a filter of the key and the owner"));
}

absl::Status NotReplaced(std::string_view resource, std::string_view key) {
  absl::Status status = absl::AlreadyExistsError(
      absl::StrCat("the ", View(resource), " ", Clipped(key),
                   " exists, and belongs to another owner or has another value of an IMMUTABLE "
                   "field; nothing was done"));
  AddResource(status, resource, key);
  return status;
}

absl::Status RequestIdReused(std::string_view request_id) {
  absl::Status status = absl::AlreadyExistsError(
      absl::StrCat("the request_id ", Clipped(request_id),
                   " was given to another request before; nothing was done"));
  AddReason(status, v1::REQUEST_ID_REUSED);
  return status;
}

absl::Status EtagMismatch(std::string_view resource, std::string_view key) {
  absl::Status status = absl::AbortedError(absl::StrCat(
      "the ", View(resource), " ", Clipped(key), " is not at the version that the request names"));
  AddReason(status, v1::ETAG_MISMATCH);
  AddResource(status, resource, key);
  return status;
}

absl::Status MustNotExist(std::string_view resource, std::string_view key) {
  absl::Status status = absl::AbortedError(
      absl::StrCat("a ", View(resource), " has the key ", Clipped(key),
                   ", and the request asks that there be none (If-None-Match: *)"));
  AddReason(status, v1::ETAG_MISMATCH);
  AddResource(status, resource, key);
  return status;
}

absl::Status ReferenceMissing(std::string_view resource, const FieldPaths& fields,
                              std::string_view target) {
  return Precondition(target.empty()
                          ? "a row that this one refers to does not exist"
                          : absl::StrCat("refers to a ", View(target), " that does not exist"),
                      v1::REFERENCE_MISSING, resource, fields);
}

absl::Status StillReferenced(std::string_view resource, std::string_view referrer) {
  return Precondition(
      referrer.empty() ? "another row still refers to this one"
                       : absl::StrCat("another row still refers to this one by ", View(referrer)),
      v1::STILL_REFERENCED, resource, {});
}

absl::Status UniqueBroken(std::string_view resource, const FieldPaths& fields) {
  return Precondition("another row has the same unique value", v1::UNIQUE_BROKEN, resource, fields);
}

absl::Status Excluded(std::string_view resource, const FieldPaths& fields) {
  return Precondition("another row excludes this value", v1::EXCLUSION_BROKEN, resource, fields);
}

absl::Status DatabaseRule(std::string_view resource, const FieldPaths& fields,
                          std::string_view message, std::string_view hint,
                          std::string_view sqlstate) {
  const std::string text =
      message.empty() ? "a rule of the database refuses this" : Clipped(message, kMaxMessage);
  const std::string advice = Clipped(hint, kMaxMessage);
  absl::Status status =
      Precondition(text, v1::DATABASE_RULE, resource, fields, advice.empty() ? text : advice);
  google::rpc::ErrorInfo info = InfoOf(v1::DATABASE_RULE);
  auto& metadata = *info.mutable_metadata();
  metadata["sqlstate"] = std::string(sqlstate);
  if (!advice.empty()) metadata["hint"] = advice;
  AddDetail(status, info);
  return status;
}

absl::Status RowLocked(std::string_view resource, std::string_view key) {
  // In a batch the row is not known.
  const std::string row = key.empty() ? absl::StrCat("a ", View(resource), " of the batch")
                                      : absl::StrCat("the ", View(resource), " ", Clipped(key));
  absl::Status status =
      absl::UnavailableError(absl::StrCat("another transaction holds ", row, "; try again"));
  AddReason(status, v1::ROW_LOCKED);
  AddRetryInfo(status, kRetryMilliseconds);
  AddResource(status, resource, key);
  return status;
}

absl::Status StatementTimedOut() {
  absl::Status status =
      absl::DeadlineExceededError("the database gave the request up after its time limit");
  AddReason(status, v1::STATEMENT_TIMEOUT);
  return status;
}

absl::Status QueueFull() {
  absl::Status status = absl::ResourceExhaustedError("the server has too much to do; try again");
  AddReason(status, v1::QUEUE_FULL);
  AddRetryInfo(status, kRetryMilliseconds);
  return status;
}

absl::Status DeadlineExceeded() {
  return absl::DeadlineExceededError("the deadline passed before the request was answered");
}

absl::Status DeadlineExceededOutcomeUnknown() {
  absl::Status status = absl::DeadlineExceededError(
      "the deadline passed before the database answered; the write may have been done");
  AddReason(status, v1::OUTCOME_UNKNOWN);
  return status;
}

absl::Status Cancelled() { return absl::CancelledError("the caller cancelled the request"); }

absl::Status DatabaseUnavailable() {
  absl::Status status = absl::UnavailableError("the database is not available; try again");
  AddReason(status, v1::DATABASE_UNAVAILABLE);
  AddRetryInfo(status, kRetryMilliseconds);
  return status;
}

absl::Status OutcomeUnknown() {
  absl::Status status = absl::UnavailableError(
      "the connection to the database was lost; the write may have been done");
  AddReason(status, v1::OUTCOME_UNKNOWN);
  return status;
}

absl::Status ShuttingDown() {
  absl::Status status = absl::UnavailableError("the server is shutting down; try another");
  AddReason(status, v1::SHUTTING_DOWN);
  AddRetryInfo(status, kRetryMilliseconds);
  return status;
}

absl::Status ImportEnded(const absl::Status& cause, int64_t imported, int64_t failed,
                         int64_t position, bool in_doubt) {
  absl::Status status(
      cause.code(), absl::StrCat(cause.message(), "; ", imported, " rows were imported and ",
                                 failed, " refused; the others, from position ", position, " on, ",
                                 in_doubt ? "may or may not have been stored" : "were not stored"));
  google::rpc::ErrorInfo info = InfoOf(v1::ERROR_REASON_UNSPECIFIED);
  cause.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    if (absl::EndsWith(type, "google.rpc.ErrorInfo")) {
      info.ParseFromString(std::string(payload));
    } else if (!absl::EndsWith(type, "google.rpc.RetryInfo") ||
               (position == 0 && imported == 0 && !in_doubt)) {
      // To repeat an import of which a row was stored, or may have been, is not safe.
      status.SetPayload(type, payload);
    }
  });
  auto& metadata = *info.mutable_metadata();
  metadata["imported_count"] = absl::StrCat(imported);
  metadata["failed_count"] = absl::StrCat(failed);
  metadata["position"] = absl::StrCat(position);
  AddDetail(status, info);
  return status;
}

absl::Status StreamSilent() {
  absl::Status status = absl::DeadlineExceededError("the stream's client was silent for too long");
  AddReason(status, v1::STREAM_SILENT);
  return status;
}

absl::Status CallNeedsIdentity(std::string_view method) {
  absl::Status status = absl::UnauthenticatedError(
      absl::StrCat(View(method), " needs a caller with an identity; the request has none"));
  AddReason(status, v1::IDENTITY_REQUIRED);
  return status;
}

absl::Status CallDenied(std::string_view method) {
  absl::Status status = absl::PermissionDeniedError(
      absl::StrCat("the policy does not let this caller call ", View(method)));
  AddReason(status, v1::CALL_DENIED);
  return status;
}

absl::Status FieldDenied(std::string_view field, FieldUse use) {
  absl::Status status = absl::PermissionDeniedError(
      absl::StrCat("the policy does not let this caller ",
                   use == FieldUse::kRead ? "read or compare " : "write ", View(field)));
  google::rpc::ErrorInfo info = InfoOf(v1::FIELD_DENIED);
  (*info.mutable_metadata())["field"] = std::string(field);
  AddDetail(status, info);
  return status;
}

absl::Status IdentityRequired() {
  return Unauthenticated(
      "the call needs an identity: a client certificate, or a bearer token in `authorization`",
      v1::IDENTITY_REQUIRED);
}

absl::Status TokenInvalid(std::string_view problem) {
  return Unauthenticated(absl::StrCat("the token is not accepted: ", View(problem)),
                         v1::TOKEN_INVALID);
}

absl::Status TokenExpired() { return Unauthenticated("the token has expired", v1::TOKEN_EXPIRED); }

absl::Status TokenKeyUnknown() {
  return Unauthenticated("the token is signed with a key that the server does not know",
                         v1::TOKEN_KEY_UNKNOWN);
}

absl::Status TokenKeysUnavailable() {
  absl::Status status =
      absl::UnavailableError("the server has no keys yet that verify tokens; try again");
  AddReason(status, v1::TOKEN_KEYS_UNAVAILABLE);
  AddRetryInfo(status, kRetryMilliseconds);
  return status;
}

absl::Status CertificateNamesNobody() {
  return Unauthenticated(
      "the certificate of the client needs exactly one URI SAN, or a DNS SAN, or a common name",
      v1::CERTIFICATE_NAMES_NOBODY);
}

absl::Status UnknownMethod(std::string_view path) {
  return absl::UnimplementedError(absl::StrCat("no method ", Clipped(path)));
}

absl::Status OfElement(const absl::Status& status, std::string_view element) {
  absl::Status named(status.code(), absl::StrCat(View(element), ": ", status.message()));
  status.ForEachPayload(
      [&](absl::string_view type, const absl::Cord& payload) { named.SetPayload(type, payload); });
  google::rpc::BadRequest rules;
  if (FindDetail(status, rules)) {
    for (auto& violation : *rules.mutable_field_violations()) {
      violation.set_field(
          absl::StrCat(View(element), violation.field().empty() ? "" : ".", violation.field()));
    }
    AddDetail(named, rules);
  }
  google::rpc::PreconditionFailure failure;
  if (FindDetail(status, failure)) {
    for (auto& violation : *failure.mutable_violations()) {
      violation.set_subject(
          absl::StrCat(View(element), violation.subject().empty() ? "" : ".", violation.subject()));
    }
    AddDetail(named, failure);
  }
  google::rpc::ErrorInfo info;
  if (!FindDetail(status, info)) info = InfoOf(v1::ELEMENT_FAILED);
  (*info.mutable_metadata())["element"] = std::string(element);
  AddDetail(named, info);
  return named;
}

absl::Status RowUnreadable(std::string_view resource, std::string_view key, std::string_view column,
                           std::string_view log_id) {
  absl::Status status = absl::InternalError(absl::StrCat(
      "the stored ", View(resource), " ", Clipped(key), " has a value in column ", View(column),
      " that the contract cannot express; the server's log has it under ", View(log_id)));
  AddReason(status, v1::ROW_UNREADABLE);
  AddResource(status, resource, key);
  AddLogId(status, log_id);
  return status;
}

absl::Status Internal(std::string_view log_id) {
  absl::Status status = absl::InternalError(
      absl::StrCat("an internal error; the server's log has it under ", View(log_id)));
  AddLogId(status, log_id);
  return status;
}

}  // namespace dataservice
