#include "serve/request/statement_size.h"

#include "absl/strings/str_cat.h"
#include "engine_limits.h"

namespace dataservice {
namespace {

// The shape of later pages.
Shape LaterPage(ListShape shape) {
  shape.after.assign(shape.order.size(), true);
  return shape;
}
Shape LaterPage(ExportShape shape) {
  shape.after_key = true;
  return shape;
}

// The same without the filter and the order of the request.
Shape PlainPage(ListShape shape) {
  shape.columns.clear();
  shape.condition = {};
  shape.order = {{shape.resource->key}};
  return LaterPage(std::move(shape));
}
Shape PlainPage(ExportShape shape) {
  shape.condition = {};
  return LaterPage(std::move(shape));
}

}  // namespace

template <typename PageShape>
void CheckPageStatement(const PageShape& shape, const Statement& first, Executor& executor,
                        std::string_view field, Violations& violations) {
  // The position where a page begins takes less than the other half.
  if (first.text.size() <= kMaxStatementText / 2) return;
  const size_t size = executor.StatementOf(LaterPage(shape))->text.size();
  if (size <= kMaxStatementText) return;
  if (executor.StatementOf(PlainPage(shape))->text.size() > kMaxStatementText) return;
  violations.Add(field, absl::StrCat("asks for an SQL statement of ", size, " bytes; at most ",
                                     kMaxStatementText, " are allowed"));
}

template void CheckPageStatement(const ListShape&, const Statement&, Executor&, std::string_view,
                                 Violations&);
template void CheckPageStatement(const ExportShape&, const Statement&, Executor&, std::string_view,
                                 Violations&);

}  // namespace dataservice
