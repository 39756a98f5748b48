#ifndef DATASERVICE_CLIENT_FAILURE_H_
#define DATASERVICE_CLIENT_FAILURE_H_

#include <absl/status/status.h>
#include <google/protobuf/any.pb.h>
#include <grpcpp/support/status.h>

#include <string>
#include <vector>

#include "dataservice/client/errors.h"
#include "google/rpc/status.pb.h"

namespace dataservice::client {

// The error of an attempt, before it is the error of a call.
struct Failure {
  Error error;
  // What the service sent with it.
  std::vector<google::protobuf::Any> details;
};

// Reads the status of an attempt. `request_id` is the one that was sent; that of the service
// replaces it.
Failure ReadFailure(const std::string& method, const std::string& request_id,
                    const grpc::Status& status);
// The same for a status inside a response.
Failure ReadFailure(const std::string& method, const std::string& request_id,
                    const google::rpc::Status& status);

// Reports whether a write that ended so may have been carried out.
bool IsInDoubt(const Error& error);

// Returns the status of a call: its message has method, reason, violations and request id, its
// payloads the error and the details. in_doubt: an attempt may have carried out a write.
absl::Status ToStatus(const Failure& failure, bool in_doubt);

}  // namespace dataservice::client

#endif  // DATASERVICE_CLIENT_FAILURE_H_
