// The result of an export's statement.
#pragma once

#include "absl/status/statusor.h"
#include "postgres/query_result.h"
#include "serve/execution/outcome.h"
#include "serve/sql/statement.h"

namespace dataservice {

// The rows of a page, or the error of the first row that cannot be read.
absl::StatusOr<ExportOutcome> ExportOf(const Statement& statement, const QueryResult& rows);

}  // namespace dataservice
