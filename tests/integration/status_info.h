// What an error says beside its message.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>
#include <vector>

#include "google/rpc/error_details.pb.h"

namespace dataservice::test {

// The first ErrorInfo among a status's details; empty if it has none.
google::rpc::ErrorInfo InfoOf(const grpc::Status& status);

// Its reason.
std::string ReasonOf(const grpc::Status& status);

// Whether it has a RetryInfo: nothing was done.
bool HasRetryInfo(const grpc::Status& status);

// "field: description" of each violation of its BadRequest or PreconditionFailure.
std::vector<std::string> ViolationsOf(const grpc::Status& status);

}  // namespace dataservice::test
