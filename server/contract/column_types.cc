#include "absl/strings/str_cat.h"
#include "contract/column.h"

namespace dataservice {

std::string_view BaseTypeName(ColumnType type) {
  switch (type) {
    case ColumnType::kText:
      return "text";
    case ColumnType::kUuid:
      return "uuid";
    case ColumnType::kBoolean:
      return "boolean";
    case ColumnType::kInteger:
    case ColumnType::kEnum:
      return "integer";
    case ColumnType::kBigint:
      return "bigint";
    case ColumnType::kNumeric:
      return "numeric(20)";
    case ColumnType::kReal:
      return "real";
    case ColumnType::kDouble:
      return "double precision";
    case ColumnType::kBytea:
      return "bytea";
    case ColumnType::kTimestamp:
      return "timestamptz";
    case ColumnType::kInterval:
      return "interval";
    case ColumnType::kDate:
      return "date";
    case ColumnType::kJsonb:
      return "jsonb";
  }
  return "";
}

std::string DdlTypeName(const Column& column) {
  const std::string base =
      column.type == ColumnType::kText && column.max_length > 0 && !column.array
          ? absl::StrCat("varchar(", column.max_length, ")")
          : std::string(BaseTypeName(column.type));
  return column.array ? base + "[]" : base;
}

std::string ValueTypeName(const Column& column) {
  std::string base =
      column.type == ColumnType::kNumeric ? "numeric" : std::string(BaseTypeName(column.type));
  return column.array ? base + "[]" : base;
}

}  // namespace dataservice
