// The limit of the SQL text of a page: kMaxStatementText, except for a resource whose
// statements are longer without the request's filter and order.
#pragma once

#include <string_view>

#include "serve/execution/executor.h"
#include "serve/request/violations.h"

namespace dataservice {

// Adds a violation of `field` if the statement of a list or export, or that of its later
// pages, is too long because of its filter, equalities or order. `first` is the statement of
// `shape`, a ListShape or ExportShape.
template <typename PageShape>
void CheckPageStatement(const PageShape& shape, const Statement& first, Executor& executor,
                        std::string_view field, Violations& violations);

}  // namespace dataservice
