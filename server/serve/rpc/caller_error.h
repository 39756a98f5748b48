// The error that the caller of a call gets.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace dataservice {

// Returns the error of a call whose metadata x-request-id has this value. If the log has details
// of the error (RequestInfo), and the value has 1 to 128 visible ASCII characters, RequestInfo
// gets the value, which the caller knows, and a line of the log connects it with the id of the
// details. Otherwise the error is unchanged. Thread-safe.
absl::Status CallerError(std::string_view x_request_id, const absl::Status& error);

}  // namespace dataservice
