// What a statement's result, or its lack of a row, means for an operation.
#pragma once

#include "absl/status/status.h"
#include "postgres/sqlstate.h"
#include "serve/execution/operation.h"

namespace dataservice {

// The operation's key has no row in the result.
absl::Status StatusOfMissingRow(const Operation& operation);

// The verdict column of an update or delete (serve/sql/statement.h); OK for "ok".
absl::Status StatusOfVerdict(const Operation& operation, std::string_view verdict);

// The row of that key has a value in `column` that the contract cannot express: INTERNAL.
// Logged.
absl::Status StatusOfUnreadableRow(const Operation& operation, std::string_view key,
                                   const std::string& column);

// The rows of an operation's parts have more than kMaxAnswerBytes together.
absl::Status StatusOfLargeAnswer(const Operation& operation);

// The database refused the statement of this operation alone; the error's columns are
// complete (postgres/constraint_columns.h). What is not the caller's fault is logged.
absl::Status StatusOfError(const Operation& operation, const SqlError& error);

}  // namespace dataservice
