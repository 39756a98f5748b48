#include "serve/sql/child_list.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "serve/sql/keyset.h"
#include "serve/sql/rows.h"

namespace dataservice {

bool IsChildList(const ListShape& shape) {
  const bool plain = !shape.total && shape.after.empty() && shape.condition.empty();
  const bool computed = shape.read_mask && !shape.read_mask->computed.empty();
  return plain && !computed && std::any_of(shape.columns.begin(), shape.columns.end(), [&](int i) {
           return shape.resource->column(i).reference.has_value();
         });
}

Statement BuildChildLists(const ListShape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  BatchRows rows(statement);
  std::vector<std::string> conditions;
  for (const int i : shape.columns) {
    const Column& column = resource.column(i);
    conditions.push_back(absl::StrCat(ColumnName("t", column), " = ", rows.Add(column)));
  }
  const std::string limit = rows.Add({.array = true, .quote = false}, "bigint[]");
  const std::vector<Output> outputs = OutputsOf(statement.shape);
  // The rows of one operation come in the order of its subquery; in which order
  // the operations come does not matter.
  statement.text =
      absl::StrCat("SELECT r.n, ", OutputList(outputs, "t"), " FROM ", rows.FromNumbered("n"),
                   " CROSS JOIN LATERAL (SELECT * FROM ", TableName(resource), " AS t WHERE ",
                   absl::StrJoin(conditions, " AND "), " ORDER BY ",
                   OrderList(resource, shape.order, "t"), " LIMIT ", limit, ") AS t");
  statement.number_column = 0;
  statement.first_column = 1;
  statement.key_column = statement.first_column + PositionOfKey(outputs, resource);
  return statement;
}

}  // namespace dataservice
