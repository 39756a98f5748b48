// The result of a list's statement, by the operations that it serves.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "serve/execution/operation.h"
#include "serve/sql/row_writer.h"

namespace dataservice {

// Must not outlive the statement. Not thread-safe.
class ListRows {
 public:
  // `operations` is how many the statement was run for.
  ListRows(const Statement& statement, const QueryResult& rows, size_t operations);

  // The page of an operation, `index` among those of the statement.
  absl::StatusOr<Outcome> PageOf(const Operation& operation, size_t index) const;

 private:
  const Statement& statement_;
  const QueryResult rows_;
  const RowWriter writer_;
  int64_t total_ = 0;
  // Of each operation, in the order of its list.
  std::vector<std::vector<int>> rows_of_;
};

// The values of the order's columns in a row, for the next page to begin after.
std::string PositionOf(const Statement& statement, ResultRow row);

}  // namespace dataservice
