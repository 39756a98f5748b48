#include "execution/list_rows.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "execution/verdicts.h"
#include "values/position.h"

namespace dataservice {

ListRows::ListRows(const Statement& statement, const pqxx::result& rows, size_t operations)
    : statement_(statement), rows_(rows), writer_(statement), rows_of_(operations) {
  const bool numbered = statement.number_column >= 0;
  if (statement.shape.total) {
    total_ = rows_[0][0].as<int64_t>();
    // An empty page is one row that has only the count.
    if (rows_[0][statement.key_column].is_null()) return;
  }
  if (!numbered) {
    rows_of_[0].resize(rows_.size());
    std::iota(rows_of_[0].begin(), rows_of_[0].end(), 0);
    return;
  }
  auto row = rows_.begin();
  for (pqxx::result::size_type i = 0; i < rows_.size(); ++i, ++row) {
    rows_of_[row[statement.number_column].as<size_t>() - 1].push_back(i);
  }
}

absl::StatusOr<Outcome> ListRows::PageOf(const Operation& operation, size_t index) const {
  const auto& rows = rows_of_[index];
  const auto page = static_cast<size_t>(operation.page_size);
  const size_t count = std::min(rows.size(), page);
  Outcome outcome;
  outcome.total = total_;
  outcome.more = rows.size() > page;
  std::string column;
  size_t size = 0;
  auto row = rows_.begin();
  for (size_t i = 0; i < count; ++i) {
    row += rows[i] - row.rownumber();
    if (!writer_.AppendElement(row, statement_.shape.rows_field, outcome.bytes, column, size)) {
      return StatusOfUnreadableRow(operation, column);
    }
  }
  if (outcome.more) outcome.position = PositionOf(statement_, rows_[rows[count - 1]]);
  return outcome;
}

std::string PositionOf(const Statement& statement, const pqxx::row& row) {
  Position position;
  for (const OrderTerm& term : statement.shape.order) {
    const int column = statement.ResultColumn(term.column);
    if (row[column].is_null()) {
      position.emplace_back(std::nullopt);
    } else {
      position.emplace_back(TextOf(row, column));
    }
  }
  return EncodePosition(position);
}

}  // namespace dataservice
