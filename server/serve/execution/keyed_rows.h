// The result of a statement on rows, by their keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "serve/execution/outcome.h"
#include "serve/execution/work.h"
#include "serve/sql/row_writer.h"

namespace dataservice {

// Of any statement but a list's and an export's, which it must not outlive. Not
// thread-safe.
class KeyedRows {
 public:
  KeyedRows(const Statement& statement, const QueryResult& rows);

  // The result of work of the statement: its row, or the error that its row or the absence
  // of one is.
  absl::StatusOr<RowOutcome> OutcomeOf(const ReadWork& work) const;
  absl::StatusOr<RowOutcome> OutcomeOf(const WriteWork& work) const;

  // The rows of all reads, or the error of the first that has one.
  absl::StatusOr<ResponseOutcome> OutcomeOf(const BatchReadWork& work) const;

 private:
  // A key and its owner, which is empty if the resource has none.
  using RowKey = std::pair<std::string_view, std::string_view>;

  // The row of work; null if the result has none.
  std::optional<ResultRow> Find(const auto& work) const;
  // Appends the row's message.
  absl::Status Append(ResultRow row, std::string_view key, std::string& message) const;

  const Statement& statement_;
  const QueryResult rows_;
  const RowWriter writer_;
  absl::flat_hash_map<RowKey, int> by_key_;
  // Keys that several rows have, which only a read of all owners returns.
  absl::flat_hash_set<std::string_view> several_;
};

}  // namespace dataservice
