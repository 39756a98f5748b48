#include "serve/request/statement_size.h"

#include "absl/strings/str_cat.h"
#include "engine_limits.h"

namespace dataservice {

void CheckPageStatement(const Statement& statement, Executor& executor, std::string_view field,
                        Violations& violations) {
  // Where a page begins takes less than the other half.
  if (statement.text.size() <= kMaxStatementText / 2) return;
  Shape longest = statement.shape;
  longest.after.assign(longest.order.size(), true);
  const size_t size = executor.StatementOf(longest)->text.size();
  if (size <= kMaxStatementText) return;
  Shape plain = longest;
  plain.columns.clear();
  plain.condition = {};
  plain.order = {{plain.resource->key}};
  plain.after = {true};
  if (executor.StatementOf(plain)->text.size() > kMaxStatementText) return;
  violations.Add(field, absl::StrCat("asks for an SQL statement of ", size, " bytes; at most ",
                                     kMaxStatementText, " are allowed"));
}

}  // namespace dataservice
