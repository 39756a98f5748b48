#include "absl/strings/str_cat.h"
#include "sql/statement.h"
#include "sql/text.h"

namespace dataservice {

Statement BuildGet(const Shape& shape) {
  const Resource& resource = *shape.resource;
  const Column& key = resource.key_column();
  Statement statement{.shape = shape};
  statement.text =
      absl::StrCat("SELECT ", OutputList(resource, "t"), " FROM ", TableName(resource),
                   " AS t WHERE ", ColumnName("t", key), " = ANY($1::", BatchTypeName(key), ")");
  statement.parameters = {BatchParameter(key)};
  statement.key_column = resource.key;
  statement.first_column = 0;
  return statement;
}

Statement BuildList(const Shape& shape) {
  const Resource& resource = *shape.resource;
  const Column& key = resource.key_column();
  Statement statement{.shape = shape};
  const auto parameter = [&](const std::string& type) {
    statement.parameters.push_back({.array = false, .quote = false});
    return absl::StrCat("$", statement.parameters.size(), "::", type);
  };
  std::string conditions;
  const auto condition = [&](const Column& column, std::string_view comparison) {
    absl::StrAppend(&conditions, conditions.empty() ? " WHERE " : " AND ", ColumnName("t", column),
                    absl::string_view(comparison.data(), comparison.size()),
                    parameter(ValueTypeName(column)));
  };
  if (shape.continued) condition(key, " > ");
  for (const int i : shape.columns) condition(resource.columns[static_cast<size_t>(i)], " = ");
  statement.text =
      absl::StrCat("SELECT ", OutputList(resource, "t"), " FROM ", TableName(resource), " AS t",
                   conditions, " ORDER BY ", ColumnName("t", key), " LIMIT ", parameter("bigint"));
  statement.key_column = resource.key;
  statement.first_column = 0;
  return statement;
}

}  // namespace dataservice
