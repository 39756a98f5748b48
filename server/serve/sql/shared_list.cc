#include "serve/sql/shared_list.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "postgres/text.h"
#include "serve/sql/index_order.h"
#include "serve/sql/keyset.h"
#include "serve/sql/page_query.h"
#include "serve/sql/rows.h"

namespace dataservice {
namespace {

// Pages of at most so many rows have the lower limit.
constexpr int kSmallPage = 100;

// The reference has an index, which begins with the owner if the rows are private.
bool IsOfOneParent(const ListShape& shape) {
  if (shape.resource->is_private() && !IsOfOneOwner(shape)) return false;
  return std::any_of(shape.columns.begin(), shape.columns.end(),
                     [&](int i) { return shape.resource->column(i).reference.has_value(); });
}

}  // namespace

bool SharesStatement(const ListShape& shape) {
  const bool computed = shape.read_mask && !shape.read_mask->computed.empty();
  if (shape.total || computed || !shape.condition.empty()) return false;
  return IsOfOneParent(shape) || IsInIndexOrder(shape);
}

int SharedLimit(int page_size) { return 1 + (page_size <= kSmallPage ? kSmallPage : kMaxPageSize); }

Statement BuildSharedLists(const ListShape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  BatchRows rows(statement);
  std::vector<std::string> conditions;
  if (!shape.after.empty()) {
    conditions.push_back(AfterPosition(resource, shape.order, shape.after,
                                       [&](const Column& column) { return rows.Add(column); }));
  }
  for (const int i : shape.columns) {
    const Column& column = resource.column(i);
    conditions.push_back(absl::StrCat(ColumnName("t", column), " = ", rows.Add(column)));
  }
  const std::string limit = rows.Add({.array = true, .quote = false}, "bigint[]");
  const std::vector<Output> outputs = OutputsOf(statement.shape);
  // The inner limit is for PostgreSQL's planner. It does not know the outer one, which is a value
  // of the operation, and would expect a tenth of all rows and sort the table. The rows of one
  // operation come in the order of its subquery; in which order the operations come does not
  // matter.
  statement.text =
      absl::StrCat("SELECT r.n, ", OutputList(outputs, "t"), " FROM ", rows.FromNumbered("n"),
                   " CROSS JOIN LATERAL (SELECT * FROM (SELECT * FROM ", TableName(resource),
                   " AS t", Where(conditions), " ORDER BY ", OrderList(resource, shape.order, "t"),
                   " LIMIT ", shape.shared_limit, ") AS t LIMIT ", limit, ") AS t");
  statement.number_column = 0;
  statement.first_column = 1;
  statement.key_column = statement.first_column + PositionOfKey(outputs, resource);
  return statement;
}

}  // namespace dataservice
