#ifndef DATASERVICE_CLIENT_ERRORS_H_
#define DATASERVICE_CLIENT_ERRORS_H_

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dataservice::client {

// A field that breaks a rule, or a precondition that does not hold.
struct Violation {
  // The path of the field in the request.
  std::string field;
  // Which rule is broken.
  std::string description;
};

// The error of a call, which its absl::Status carries as payload; ErrorAs returns it. Code and
// reason are for programs, messages for people. The payloads also have each detail that the
// service sent (google.rpc.BadRequest, ...), by its type URL.
struct Error {
  // The type's name in ErrorAs; empty stands for any error of a call.
  static constexpr char kName[] = "";

  absl::StatusCode code = absl::StatusCode::kUnknown;
  // Name of a dataservice.v1.ErrorReason, or empty.
  std::string reason;
  // The text of the service, or of gRPC.
  std::string message;
  // "package.Service/Method"
  std::string method;
  // Identifies the call in the logs of the service.
  std::string request_id;
  // How often the call was sent.
  int attempts = 1;
  // The fields that break a rule or a precondition.
  std::vector<Violation> violations;
  // The resource that the error is about, or empty.
  std::string resource;
  // The time after which the service permits a repetition; absent if it does not permit one.
  std::optional<absl::Duration> retry_after;
  // What the service adds to the reason.
  std::map<std::string, std::string> metadata;
};

// The resource does not exist.
struct NotFound : Error {
  static constexpr char kName[] = "NotFound";
};

// A resource with this key exists.
struct AlreadyExists : Error {
  static constexpr char kName[] = "AlreadyExists";
};

// The resource does not have the version that the request names (its etag). Read it again, or
// use the update with a function.
struct VersionMismatch : Error {
  static constexpr char kName[] = "VersionMismatch";
};

// Fields of the request break rules; violations has all of them.
struct InvalidArgument : Error {
  static constexpr char kName[] = "InvalidArgument";
};

// The request_id was used before by another request. Nothing was done.
struct RequestIdReused : Error {
  static constexpr char kName[] = "RequestIdReused";
};

// A write may have been carried out, and may not. To find out, read the resource, or repeat
// the call with the same request_id.
struct OutcomeUnknown : Error {
  static constexpr char kName[] = "OutcomeUnknown";
};

// The service had no capacity for the call until its deadline. Nothing was done; retry_after is
// the time after which to try again.
struct TooBusy : Error {
  static constexpr char kName[] = "TooBusy";
};

namespace internal {
// Returns the error of a call if its type has the name, or if the name is empty.
std::optional<Error> ReadError(const absl::Status& status, const char* name);
// Returns the name of the error's type, or nothing.
std::string ErrorName(const absl::Status& status);
}  // namespace internal

// Returns the error of a call as one of the types above:
//   if (auto invalid = ErrorAs<InvalidArgument>(book.status())) { ... invalid->violations ... }
// Absent if the status is OK, of another type, or not of a call. ErrorAs<Error> returns each
// error of a call.
template <class Type>
std::optional<Type> ErrorAs(const absl::Status& status) {
  std::optional<Error> error = internal::ReadError(status, Type::kName);
  if (!error) return std::nullopt;
  Type result;
  static_cast<Error&>(result) = *std::move(error);
  return result;
}

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_ERRORS_H_
