#include "serve/sql/page_query.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "serve/sql/condition.h"
#include "serve/sql/keyset.h"

namespace dataservice {
namespace {

constexpr Parameter kOne = {.array = false, .quote = false};

}  // namespace

std::string PageQuery::Add(const std::string& type) {
  statement_.parameters.push_back(kOne);
  return absl::StrCat("$", statement_.parameters.size(), "::", type);
}

std::vector<std::string> PageQuery::After() {
  if (statement_.shape.after.empty()) return {};
  return {AfterPosition(statement_.shape, [this](const std::string& type) { return Add(type); })};
}

std::vector<std::string> PageQuery::Restrictions() {
  const Shape& shape = statement_.shape;
  std::vector<std::string> conditions;
  for (const int i : shape.columns) {
    const Column& column = shape.resource->column(i);
    conditions.push_back(absl::StrCat(ColumnName("t", column), " = ", Add(ValueTypeName(column))));
  }
  if (!shape.condition.empty()) {
    int next = static_cast<int>(statement_.parameters.size()) + 1;
    conditions.push_back(ConditionSql(shape.condition, *shape.resource, "t", next));
    statement_.parameters.resize(static_cast<size_t>(next) - 1, kOne);
  }
  return conditions;
}

std::string Where(const std::vector<std::string>& conditions) {
  return conditions.empty() ? "" : absl::StrCat(" WHERE ", absl::StrJoin(conditions, " AND "));
}

}  // namespace dataservice
