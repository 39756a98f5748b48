#include "serve/sql/index_order.h"

#include <algorithm>
#include <span>
#include <vector>

namespace dataservice {
namespace {

using Columns = std::span<const int>;

bool Contains(Columns columns, int column) {
  return std::find(columns.begin(), columns.end(), column) != columns.end();
}

// Whether every column of `some` is among `all`.
bool Includes(Columns all, Columns some) {
  return std::all_of(some.begin(), some.end(), [&](int i) { return Contains(all, i); });
}

// An index can be read in both directions, but not in a mixture of them.
bool IsOneWay(const ListShape& shape) {
  return std::all_of(shape.order.begin(), shape.order.end(), [&](const OrderTerm& term) {
    return term.descending == shape.order.front().descending;
  });
}

// Whether the rows after the position are one range of an index: their condition is a row
// comparison (serve/sql/keyset.h).
bool IsOneRange(const ListShape& shape) {
  if (shape.after.empty()) return true;
  for (size_t i = 0; i < shape.order.size(); ++i) {
    if (!shape.after[i] || shape.resource->column(shape.order[i].column).nullable) return false;
  }
  return true;
}

// Whether the index begins with the columns of the equalities and goes on with those of the order.
bool HasOrder(Columns index, const ListShape& shape) {
  const Columns equal(shape.columns);
  const auto rest =
      std::find_if(index.begin(), index.end(), [&](int i) { return !Contains(equal, i); });
  if (!Includes(Columns(index.begin(), rest), equal)) return false;
  auto next = rest;
  for (const OrderTerm& term : shape.order) {
    // All rows have the same value.
    if (Contains(equal, term.column)) continue;
    if (next == index.end() || *next != term.column) return false;
    ++next;
  }
  return true;
}

}  // namespace

bool IsInIndexOrder(const ListShape& shape) {
  const Resource& resource = *shape.resource;
  const bool one_range = IsOneWay(shape) && IsOneRange(shape);
  const auto serves = [&](Columns index, bool unique) {
    return (unique && Includes(shape.columns, index)) || (one_range && HasOrder(index, shape));
  };
  if (serves(resource.PrimaryKey(), true)) return true;
  for (size_t i = 0; i < resource.columns.size(); ++i) {
    if (!resource.columns[i].reference) continue;
    std::vector<int> index = {static_cast<int>(i), resource.key};
    if (resource.is_private()) index.insert(index.begin(), resource.owner);
    if (serves(index, false)) return true;
  }
  return std::any_of(resource.indexes.begin(), resource.indexes.end(),
                     [&](const Index& index) { return serves(index.columns, index.unique); });
}

}  // namespace dataservice
