#include "dataservice/client/call.h"

namespace dataservice::client {

absl::Status Send(const Connection& connection, const Method& method, bool identified,
                  const CallOptions& options,
                  absl::FunctionRef<grpc::Status(grpc::ClientContext*)> attempt) {
  Attempts attempts(connection, method, identified, options);
  attempts.LimitTo(options.deadline.value_or(connection.deadline));
  for (;;) {
    grpc::Status status = attempts.Connect();
    if (status.ok()) status = attempt(attempts.Begin());
    if (status.ok()) {
      attempts.Succeeded();
      return absl::OkStatus();
    }
    if (std::optional<absl::Status> error = attempts.Failed(status)) return *std::move(error);
  }
}

}  // namespace dataservice::client
