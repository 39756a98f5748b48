#include "sql/statement.h"

namespace dataservice {

Statement BuildStatement(const Shape& shape) {
  switch (shape.kind) {
    case ShapeKind::kGet:
      return BuildGet(shape);
    case ShapeKind::kList:
      return BuildList(shape);
    case ShapeKind::kCreate:
      return BuildCreate(shape);
    case ShapeKind::kUpsert:
      return BuildUpsert(shape);
    case ShapeKind::kUpdate:
      return BuildUpdate(shape);
    case ShapeKind::kDelete:
      return BuildDelete(shape);
    case ShapeKind::kExport:
      return BuildExport(shape);
    case ShapeKind::kCustom:
      break;
  }
  return {};
}

Parameter BatchParameter(const Column& column) {
  Parameter parameter;
  if (column.array) return parameter;
  switch (column.type) {
    case ColumnType::kText:
    case ColumnType::kBytea:
    case ColumnType::kJsonb:
      break;
    default:
      parameter.quote = false;
  }
  return parameter;
}

std::string BatchTypeName(const Column& column) {
  return column.array ? "text[]" : ValueTypeName(column) + "[]";
}

}  // namespace dataservice
