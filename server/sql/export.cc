// Export: pages in the order of the key that end after so many rows, or with
// the row that crosses the limit of bytes. The list's statement has no such end:
// a thousand rows of a megabyte would be a gigabyte in memory at once.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "settings/limits.h"
#include "sql/condition.h"
#include "sql/keyset.h"
#include "sql/statement.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// Names with a blank, which no field has.
constexpr char kRowBytes[] = "\"row bytes\"";
constexpr char kBytesBefore[] = "\"bytes before\"";

// How long a row's values are in a result, as far as they have no limit by their
// type. The length of a stored text costs no read of the text (it is in its
// TOAST pointer); jsonb and arrays are read.
std::string RowBytes(const Resource& resource) {
  std::vector<std::string> terms = {"100::bigint"};
  for (const Column& column : resource.columns) {
    const std::string name = ColumnName("t", column);
    if (column.array || column.type == ColumnType::kJsonb) {
      terms.push_back(absl::StrCat("coalesce(octet_length(", name, "::text), 0)"));
    } else if (column.type == ColumnType::kText) {
      terms.push_back(absl::StrCat("coalesce(octet_length(", name, "), 0)"));
    } else if (column.type == ColumnType::kBytea) {
      terms.push_back(absl::StrCat("2 * coalesce(octet_length(", name, "), 0)"));  // in hex
    }
  }
  return absl::StrJoin(terms, " + ");
}

}  // namespace

Statement BuildExport(const Shape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape, .key_column = resource.key, .first_column = 0};
  const AddParameter add = [&](const std::string& type) {
    statement.parameters.push_back({.array = false, .quote = false});
    return absl::StrCat("$", statement.parameters.size(), "::", type);
  };
  std::vector<std::string> conditions;
  if (!shape.after.empty()) conditions.push_back(AfterPosition(shape, add));
  if (!shape.condition.empty()) {
    int next = static_cast<int>(statement.parameters.size()) + 1;
    conditions.push_back(ConditionSql(shape.condition, resource, "t", next));
    for (int i = 0; i < shape.condition.values(); ++i) {
      statement.parameters.push_back({.array = false, .quote = false});
    }
  }
  const std::string where =
      conditions.empty() ? "" : absl::StrCat(" WHERE ", absl::StrJoin(conditions, " AND "));
  const std::string order = absl::StrCat(" ORDER BY ", OrderList(shape, "t"));
  const std::string page =
      absl::StrCat("SELECT t.*, ", RowBytes(resource), " AS ", kRowBytes, " FROM ",
                   TableName(resource), " AS t", where, order, " LIMIT ", add("bigint"));
  const std::string summed =
      absl::StrCat("SELECT t.*, sum(t.", kRowBytes, ") OVER (", order.substr(1),
                   " ROWS UNBOUNDED PRECEDING) - t.", kRowBytes, " AS ", kBytesBefore, " FROM (",
                   page, ") AS t");
  statement.text = absl::StrCat("SELECT ", OutputList(resource, "t"), " FROM (", summed,
                                ") AS t WHERE t.", kBytesBefore, " < ", kMaxExportBytes, order);
  return statement;
}

}  // namespace dataservice
