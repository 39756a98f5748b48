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

std::string PageQuery::After(const std::vector<OrderTerm>& order, const std::vector<bool>& after) {
  return AfterPosition(resource_, order, after,
                       [this](const Column& column) { return Add(ValueTypeName(column)); });
}

std::vector<std::string> PageQuery::Restrictions(const std::vector<int>& columns,
                                                 const Condition& condition) {
  std::vector<std::string> conditions;
  for (const int i : columns) {
    const Column& column = resource_.column(i);
    conditions.push_back(absl::StrCat(ColumnName("t", column), " = ", Add(ValueTypeName(column))));
  }
  if (!condition.empty()) {
    int next = static_cast<int>(statement_.parameters.size()) + 1;
    conditions.push_back(ConditionSql(condition, resource_, "t", next));
    statement_.parameters.resize(static_cast<size_t>(next) - 1, kOne);
  }
  return conditions;
}

std::string Where(const std::vector<std::string>& conditions) {
  return conditions.empty() ? "" : absl::StrCat(" WHERE ", absl::StrJoin(conditions, " AND "));
}

}  // namespace dataservice
