// What a statement's result, or its lack of a row, means for an operation.
#pragma once

#include "absl/status/status.h"
#include "database/sqlstate.h"
#include "execution/operation.h"

namespace dataservice {

// The operation's key has no row in the result.
absl::Status StatusOfMissingRow(const Operation& operation);

// The verdict column of an update or delete (sql/statement.h); OK for "ok".
absl::Status StatusOfVerdict(const Operation& operation, std::string_view verdict);

// The operation's row has a value in `column` that the contract cannot express.
// Logged.
absl::Status StatusOfUnreadableRow(const Operation& operation, const std::string& column);

// The database refused the statement of this operation alone; the error's columns are
// complete (database/constraint_columns.h). What is not the caller's fault is logged.
absl::Status StatusOfError(const Operation& operation, const SqlError& error);

}  // namespace dataservice
