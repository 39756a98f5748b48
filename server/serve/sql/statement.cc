#include "serve/sql/statement.h"

#include <algorithm>

#include "serve/sql/child_list.h"
#include "serve/sql/claim.h"

namespace dataservice {

namespace {

Statement BuildOfKind(const Shape& shape) {
  switch (shape.kind) {
    case ShapeKind::kGet:
      return BuildGet(shape);
    case ShapeKind::kList:
      return IsChildList(shape) ? BuildChildLists(shape) : BuildList(shape);
    case ShapeKind::kCreate:
      return BuildCreate(shape);
    case ShapeKind::kUpsert:
      return BuildUpsert(shape);
    case ShapeKind::kUpdate:
      return BuildUpdate(shape);
    case ShapeKind::kDelete:
      return BuildDelete(shape);
    case ShapeKind::kLock:
      return BuildLock(shape);
    case ShapeKind::kExport:
      return BuildExport(shape);
    case ShapeKind::kCustom:
      break;
  }
  return {};
}

bool AnswersOldJson(const Shape& shape) {
  if (shape.kind != ShapeKind::kUpdate && shape.kind != ShapeKind::kUpsert) return false;
  const std::vector<int>& written =
      shape.kind == ShapeKind::kUpdate ? shape.columns : shape.changes;
  const std::vector<Column>& columns = shape.resource->columns;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].type != ColumnType::kJsonb) continue;
    const bool replaced =
        std::find(written.begin(), written.end(), static_cast<int>(i)) != written.end();
    if (!replaced || columns[i].immutable) return true;
  }
  return false;
}

}  // namespace

Statement BuildStatement(const Shape& shape) {
  Statement statement = BuildOfKind(shape);
  statement.outputs = OutputsOf(shape);
  statement.answers_old_json = AnswersOldJson(shape);
  if (shape.claimed) statement.claims_text = ClaimsText(shape);
  return statement;
}

int Statement::ResultColumn(int column) const {
  const Column* wanted = &shape.resource->column(column);
  int position = first_column;
  for (const Output& output : outputs) {
    if (output.column == wanted) break;
    ++position;
  }
  return position;
}

Parameter BatchParameter(const Column& column) {
  Parameter parameter;
  parameter.quote = column.array || !column.traits().plain_text;
  return parameter;
}

std::string BatchTypeName(const Column& column) {
  return column.array ? "text[]" : ValueTypeName(column) + "[]";
}

}  // namespace dataservice
