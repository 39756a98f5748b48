#include "serve/execution/list_rows.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <optional>

#include "engine_limits.h"
#include "serve/execution/row_status.h"
#include "serve/values/decode.h"
#include "serve/values/position.h"

namespace dataservice {
namespace {

// Of a column that PostgreSQL counted.
int64_t NumberOf(ResultRow row, int column) {
  int64_t number = 0;
  const std::string_view text = row.text(column);
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

ListRows::ListRows(const Statement& statement, const QueryResult& rows, size_t operations)
    : statement_(statement),
      shape_(std::get<ListShape>(statement.shape)),
      rows_(rows),
      rows_of_(operations) {
  const bool numbered = statement.number_column >= 0;
  if (shape_.total) {
    total_ = NumberOf(rows_[0], 0);
    // An empty page is one row that has only the count.
    if (rows_[0].is_null(statement.key_column)) return;
  }
  if (!numbered) {
    rows_of_[0].resize(static_cast<size_t>(rows_.size()));
    std::iota(rows_of_[0].begin(), rows_of_[0].end(), 0);
    return;
  }
  for (int i = 0; i < rows_.size(); ++i) {
    rows_of_[static_cast<size_t>(NumberOf(rows_[i], statement.number_column) - 1)].push_back(i);
  }
}

ElementWriter& ListRows::WriterOf(const PageWork& work) {
  if (writer_ == nullptr || writer_json_ != work.json) {
    writer_ = MakeElementWriter(statement_, shape_.rows_field, work.json);
    writer_json_ = work.json;
  }
  return *writer_;
}

absl::StatusOr<PageOutcome> ListRows::PageOf(const PageWork& work, size_t index) {
  const auto& rows = rows_of_[index];
  const auto page = static_cast<size_t>(work.page_size);
  size_t count = std::min(rows.size(), page);
  PageOutcome outcome;
  outcome.total = total_;
  outcome.more = rows.size() > page;
  std::string column;
  ElementWriter& writer = WriterOf(work);
  for (size_t i = 0; i < count; ++i) {
    const ResultRow row = rows_[rows[i]];
    const size_t before = outcome.rows.size();
    if (!writer.Append(row, outcome.rows, column)) {
      return StatusOfUnreadableRow(*shape_.resource, row.text(statement_.key_column), column);
    }
    // The others are probably about as large.
    if (i == 0) {
      outcome.rows.reserve(std::min(count * outcome.rows.size() * 5 / 4, kMaxAnswerBytes));
    }
    if (i > 0 && outcome.rows.size() > kMaxAnswerBytes) {
      outcome.rows.resize(before);
      outcome.more = true;
      count = i;
    }
  }
  outcome.count = count;
  if (outcome.more) outcome.position = PositionOf(statement_, shape_.order, rows_[rows[count - 1]]);
  return outcome;
}

std::string PositionOf(const Statement& statement, const std::vector<OrderTerm>& order,
                       ResultRow row) {
  Position position;
  for (const OrderTerm& term : order) {
    const int column = statement.ResultColumn(term.column);
    if (row.is_null(column)) {
      position.emplace_back(std::nullopt);
    } else {
      position.emplace_back(
          InputText(ResourceOf(statement.shape).column(term.column), row.text(column)));
    }
  }
  return EncodePosition(position);
}

}  // namespace dataservice
