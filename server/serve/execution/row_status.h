// Rows of a result, or their absence -> statuses of the API.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "contract/resource.h"
#include "serve/execution/work.h"

namespace dataservice {

// The result has no row for the key.
absl::Status StatusOfMissingRow(const ReadWork& work);
absl::Status StatusOfMissingRow(const WriteWork& work);

// The verdict of an update or deletion (serve/sql/statement.h); OK for "ok".
absl::Status StatusOfVerdict(const WriteWork& work, std::string_view verdict);

// The row of that key has a value in `column` that the contract cannot express: INTERNAL.
// Logged.
absl::Status StatusOfUnreadableRow(const Resource& resource, std::string_view key,
                                   const std::string& column);

// The rows of a batch's response have more than kMaxAnswerBytes together.
absl::Status StatusOfLargeResponse(const std::string& elements_field);

}  // namespace dataservice
