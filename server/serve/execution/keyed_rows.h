// The result of a statement on rows, by their keys.
#pragma once

#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "serve/execution/operation.h"
#include "serve/sql/row_writer.h"

namespace dataservice {

// Of any statement but a list's, which it must not outlive. Not thread-safe.
class KeyedRows {
 public:
  KeyedRows(const Statement& statement, const QueryResult& rows);

  // What its row, or that there is none, means for an operation of the statement.
  absl::StatusOr<Outcome> OutcomeOf(const Operation& operation) const;

  // The same of an operation with parts: the rows of all of them, or the error of
  // the first that has one.
  absl::StatusOr<Outcome> OutcomeOfParts(const Operation& operation) const;

 private:
  const Statement& statement_;
  const QueryResult rows_;
  const RowWriter writer_;
  absl::flat_hash_map<std::string_view, int> by_key_;
};

}  // namespace dataservice
