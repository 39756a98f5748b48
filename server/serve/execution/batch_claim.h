// The request_id of a batch method: the claim stores the response.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "postgres/connection.h"
#include "postgres/transaction.h"
#include "serve/execution/operation.h"

namespace dataservice {

// Claims the request_id of a batch, which has one, in the transaction of its writes. True
// if it is claimed now; false if another transaction claimed it before: a retry returns the
// response of that one.
std::variant<bool, SqlError> ClaimResponse(Transaction& transaction, const BatchWriteWork& work,
                                           const std::string& response);

// The response with which the request_id of a batch was claimed before: REQUEST_ID_REUSED if
// another request claimed it, or the error with which it could not be read. Empty if it is
// not claimed. The operation has BatchWriteWork with a claim. `in_doubt`: it may have been done, so
// that the outcome is unknown if the response cannot be read.
std::optional<absl::StatusOr<ResponseOutcome>> ClaimedResponse(Connection& connection,
                                                               const Operation& operation,
                                                               bool in_doubt);

}  // namespace dataservice
