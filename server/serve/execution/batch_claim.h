// The request_id of a batch method: the claim stores the response.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "postgres/connection.h"
#include "postgres/transaction.h"
#include "serve/execution/operation.h"

namespace dataservice {

// Claims the request_id of a batch, which has one, in the transaction of its writes. Empty
// if it is claimed now; kUnavailable if another transaction claimed it before: a retry
// returns the response of that one.
std::optional<SqlError> ClaimResponse(Transaction& transaction, const BatchWriteWork& work,
                                      const std::string& response);

// The response with which the request_id of a batch was claimed before: REQUEST_ID_REUSED if
// another request claimed it, or the error with which it could not be read. Empty if it is
// not claimed. The operation has BatchWriteWork with a claim.
std::optional<absl::StatusOr<ResponseOutcome>> ClaimedResponse(Connection& connection,
                                                               const Operation& operation);

}  // namespace dataservice
