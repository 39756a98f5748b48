#include "serve/execution/export_rows.h"

#include "serve/execution/list_rows.h"
#include "serve/execution/row_status.h"
#include "serve/sql/row_writer.h"

namespace dataservice {

absl::StatusOr<ExportOutcome> ExportOf(const Statement& statement, const QueryResult& rows) {
  const Resource& resource = ResourceOf(statement.shape);
  const RowWriter writer(statement);
  ExportOutcome outcome;
  std::string column;
  outcome.row_ends.reserve(static_cast<size_t>(rows.size()));
  for (int i = 0; i < rows.size(); ++i) {
    if (!writer.Append(rows[i], statement.first_column, outcome.rows, column)) {
      return StatusOfUnreadableRow(resource, rows[i].text(statement.key_column), column);
    }
    outcome.row_ends.push_back(outcome.rows.size());
  }
  const auto order = ExportOrder(std::get<ExportShape>(statement.shape));
  if (!rows.empty()) outcome.position = PositionOf(statement, order, rows.back());
  return outcome;
}

}  // namespace dataservice
