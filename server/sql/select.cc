#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sql/computed.h"
#include "sql/condition.h"
#include "sql/keyset.h"
#include "sql/statement.h"
#include "sql/text.h"

namespace dataservice {
namespace {

std::string Where(const std::vector<std::string>& conditions) {
  return conditions.empty() ? "" : absl::StrCat(" WHERE ", absl::StrJoin(conditions, " AND "));
}

std::string JoinsOf(const Shape& shape) {
  if (!shape.read_mask) return "";
  return ComputedJoins(*shape.resource, shape.read_mask->computed, "t");
}

}  // namespace

Statement BuildGet(const Shape& shape) {
  const Resource& resource = *shape.resource;
  const Column& key = resource.key_column();
  Statement statement{.shape = shape};
  const std::vector<Output> outputs = OutputsOf(shape);
  statement.text = absl::StrCat("SELECT ", OutputList(outputs, "t"), " FROM ", TableName(resource),
                                " AS t", JoinsOf(shape), " WHERE ", ColumnName("t", key),
                                " = ANY($1::", BatchTypeName(key), ")");
  statement.parameters = {BatchParameter(key)};
  statement.key_column = PositionOfKey(outputs, resource);
  statement.first_column = 0;
  return statement;
}

Statement BuildList(const Shape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  const AddParameter add = [&](const std::string& type) {
    statement.parameters.push_back({.array = false, .quote = false});
    return absl::StrCat("$", statement.parameters.size(), "::", type);
  };
  // All rows of the list, and those of this page on.
  std::vector<std::string> list;
  std::vector<std::string> page;
  if (!shape.after.empty()) page.push_back(AfterPosition(shape, add));
  for (const int i : shape.columns) {
    const Column& column = resource.columns[static_cast<size_t>(i)];
    list.push_back(absl::StrCat(ColumnName("t", column), " = ", add(ValueTypeName(column))));
  }
  if (!shape.condition.empty()) {
    int next = static_cast<int>(statement.parameters.size()) + 1;
    list.push_back(ConditionSql(shape.condition, resource, "t", next));
    for (int i = 0; i < shape.condition.values(); ++i) {
      statement.parameters.push_back({.array = false, .quote = false});
    }
  }
  page.insert(page.end(), list.begin(), list.end());
  const std::string from = absl::StrCat(" FROM ", TableName(resource), " AS t");
  const std::string limit = absl::StrCat(" LIMIT ", add("bigint"));
  const std::string order = absl::StrCat(" ORDER BY ", OrderList(shape, "t"));
  const std::string joins = JoinsOf(shape);
  const std::vector<Output> outputs = OutputsOf(shape);
  const std::string list_of_outputs = OutputList(outputs, "t");
  statement.first_column = shape.total ? 1 : 0;
  statement.key_column = statement.first_column + PositionOfKey(outputs, resource);
  if (!shape.total && joins.empty()) {
    statement.text = absl::StrCat("SELECT ", list_of_outputs, from, Where(page), order, limit);
    return statement;
  }
  // What is computed is so for the rows of the page only.
  const std::string rows = absl::StrCat("(SELECT t.*", from, Where(page), order, limit, ") AS t");
  if (!shape.total) {
    statement.text = absl::StrCat("SELECT ", list_of_outputs, " FROM ", rows, joins, order);
    return statement;
  }
  // One row of NULLs beside the count where the page is empty.
  statement.text =
      absl::StrCat("SELECT n.total, ", list_of_outputs, " FROM (SELECT count(*) AS total", from,
                   Where(list), ") AS n LEFT JOIN ", rows, " ON true", joins, order);
  return statement;
}

}  // namespace dataservice
