#include "serve/sql/keyset.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"

namespace dataservice {
namespace {

// A term of the order at its position.
struct Bound {
  std::string column;
  std::string value;  // its parameter; empty for NULL
  bool descending = false;
  bool nullable = false;
};

bool IsOneWay(const std::vector<Bound>& bounds) {
  return std::all_of(bounds.begin(), bounds.end(), [&](const Bound& bound) {
    return !bound.nullable && !bound.value.empty() && bound.descending == bounds.front().descending;
  });
}

std::string RowComparison(const std::vector<Bound>& bounds) {
  std::vector<std::string> columns;
  std::vector<std::string> values;
  for (const Bound& bound : bounds) {
    columns.push_back(bound.column);
    values.push_back(bound.value);
  }
  const char* after = bounds.front().descending ? " < " : " > ";
  if (bounds.size() == 1) return absl::StrCat(columns[0], after, values[0]);
  return absl::StrCat("(", absl::StrJoin(columns, ", "), ")", after, "(",
                      absl::StrJoin(values, ", "), ")");
}

// NULL is last; first where descending: PostgreSQL's own order, which an index
// has in both directions.
std::string After(const Bound& bound) {
  if (bound.value.empty()) {
    return bound.descending ? absl::StrCat(bound.column, " IS NOT NULL") : "false";
  }
  if (bound.descending) return absl::StrCat(bound.column, " < ", bound.value);
  const std::string greater = absl::StrCat(bound.column, " > ", bound.value);
  return bound.nullable ? absl::StrCat("(", greater, " OR ", bound.column, " IS NULL)") : greater;
}

std::string Same(const Bound& bound) {
  return bound.value.empty() ? absl::StrCat(bound.column, " IS NULL")
                             : absl::StrCat(bound.column, " = ", bound.value);
}

// After in the first term, or the same there and after in the second, ... Each within
// the one before, so that the text grows with the terms and not with their square.
std::string Alternatives(const std::vector<Bound>& bounds) {
  std::string out = After(bounds.back());
  for (size_t i = bounds.size() - 1; i-- > 0;) {
    out = absl::StrCat("(", After(bounds[i]), " OR ", Same(bounds[i]), " AND ", out, ")");
  }
  // Says again what follows from it, so that an index scan begins there.
  const Bound& first = bounds.front();
  if (first.nullable || first.value.empty()) return out;
  return absl::StrCat(first.column, first.descending ? " <= " : " >= ", first.value, " AND ", out);
}

}  // namespace

std::string AfterPosition(const Resource& resource, const std::vector<OrderTerm>& order,
                          const std::vector<bool>& after, const AddParameter& add) {
  std::vector<Bound> bounds;
  for (size_t i = 0; i < order.size(); ++i) {
    const OrderTerm& term = order[i];
    const Column& column = resource.column(term.column);
    bounds.push_back(
        {ColumnName("t", column), after[i] ? add(column) : "", term.descending, column.nullable});
  }
  return IsOneWay(bounds) ? RowComparison(bounds) : Alternatives(bounds);
}

std::string OrderList(const Resource& resource, const std::vector<OrderTerm>& order,
                      std::string_view alias) {
  std::string out;
  for (const OrderTerm& term : order) {
    const Column& column = resource.column(term.column);
    absl::StrAppend(&out, out.empty() ? "" : ", ", ColumnName(alias, column),
                    term.descending ? " DESC" : "");
  }
  return out;
}

}  // namespace dataservice
