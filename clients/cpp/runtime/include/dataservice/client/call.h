#ifndef DATASERVICE_CLIENT_CALL_H_
#define DATASERVICE_CLIENT_CALL_H_

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/status.h>

#include <utility>

#include "dataservice/client/attempts.h"
#include "dataservice/client/retry.h"

namespace dataservice::client {

// Sends a request until it succeeds or must not be repeated.
absl::Status Send(const Connection& connection, const Method& method, bool identified,
                  const CallOptions& options,
                  absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt);

// Calls a method with one request and one response. `attempt` has the parameters
// (grpc::ClientContext*, Response*).
template <class Response, class Attempt>
absl::StatusOr<Response> Call(const Connection& connection, const Method& method, bool identified,
                              const CallOptions& options, const Attempt& attempt) {
  Response response;
  absl::Status status =
      Send(connection, method, identified, options,
           [&](grpc::ClientContext* context) { return attempt(context, &response); });
  if (!status.ok()) return status;
  return response;
}

// Gives a write a request_id (AIP-155), unless it has one. Repetitions keep it.
template <class Request>
void Identify(Request& request) {
  if (request.request_id().empty()) request.set_request_id(NewRequestId());
}

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_CALL_H_
