// How long the SQL text that a request asks for may be: kMaxStatementText, but for a
// resource whose statements are longer without what the request says.
#pragma once

#include <string_view>

#include "serve/execution/executor.h"
#include "serve/request/violations.h"

namespace dataservice {

// Adds a violation of `field` if the statement of a list or export, or that of its later
// pages, is too long: by its filter, equalities and order.
void CheckPageStatement(const Statement& statement, Executor& executor, std::string_view field,
                        Violations& violations);

}  // namespace dataservice
