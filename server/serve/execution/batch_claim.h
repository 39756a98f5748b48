// The claim of a batch method's request_id: its whole response is remembered.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "postgres/connection.h"
#include "postgres/transaction.h"
#include "serve/execution/operation.h"

namespace dataservice {

// Claims the operation's request_id in the transaction of its writes. Empty if it
// is claimed now; kUnavailable if another transaction claimed it: its response is the
// answer, and where that is gone, a retry is safe.
std::optional<SqlError> ClaimResponse(Transaction& transaction, const Operation& operation,
                                      const std::string& response);

// What the operation's request_id was answered before: its outcome, or
// REQUEST_ID_REUSED where that was another request, or the error with which it
// could not be read. Empty if it is not claimed.
std::optional<absl::StatusOr<Outcome>> ClaimedResponse(Connection& connection,
                                                       Operation& operation);

}  // namespace dataservice
