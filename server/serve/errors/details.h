// Standard error details as payloads of an absl::Status.
#pragma once

#include <google/protobuf/message.h>

#include <string_view>

#include "absl/status/status.h"
#include "dataservice/v1/error_reason.pb.h"
#include "google/rpc/error_details.pb.h"

namespace dataservice {

// Adds a detail, one of each type at most.
void AddDetail(absl::Status& status, const google::protobuf::Message& detail);

// The detail of the type of `detail`; false if the status has none.
bool FindDetail(const absl::Status& status, google::protobuf::Message& detail);

// The domain of every ErrorInfo.
inline constexpr std::string_view kErrorDomain = "dataservice";

// Returns an ErrorInfo with a reason and the domain. It has no reason for
// ERROR_REASON_UNSPECIFIED.
google::rpc::ErrorInfo InfoOf(v1::ErrorReason reason);

// Adds the ErrorInfo of a reason.
void AddReason(absl::Status& status, v1::ErrorReason reason);

// Adds a RetryInfo: a retry after this delay is safe.
void AddRetryInfo(absl::Status& status, int milliseconds);

// The details in google.rpc.Status form, serialized; empty if there are none.
std::string SerializedRpcStatus(const absl::Status& status);

// The same with code and message, for a place that has no other room for them. Its
// details are left out where it would be longer than `most` bytes.
std::string ClippedRpcStatus(const absl::Status& status, size_t most);

}  // namespace dataservice
