// The shape of an operation: all that decides its SQL text. Operations of the
// same shape can share a statement; no value of a request is part of it.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "contract/condition.h"
#include "contract/read_mask.h"
#include "contract/resource.h"

namespace dataservice {

// kLock locks rows for writes that follow in the same transaction; kCustom is no
// statement of the engine's, but a hand-written method's work.
enum class ShapeKind { kGet, kList, kCreate, kUpsert, kUpdate, kDelete, kLock, kExport, kCustom };

// One column of a list's order.
struct OrderTerm {
  int column = -1;
  bool descending = false;

  bool operator==(const OrderTerm&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const OrderTerm& t) {
    return H::combine(std::move(h), t.column, t.descending);
  }
};

struct Shape {
  ShapeKind kind = ShapeKind::kGet;
  const Resource* resource = nullptr;
  // Positions of columns: those written (create, upsert, update), or those
  // compared for equality (list).
  std::vector<int> columns;
  // Update: jsonb columns of which only parts change, ascending.
  std::vector<int> merges;
  // Upsert: the columns that change where the row exists.
  std::vector<int> changes;
  // List, export: the filter.
  Condition condition;
  // List: never empty; the key is the last term, so that no two rows are equal.
  // Absent values come last, or first where descending. Export: the key.
  std::vector<OrderTerm> order;
  // List, export: empty for a first page. Otherwise the page begins after a position
  // that has, for each term of the order, a value (true) or NULL.
  std::vector<bool> after;
  // List: number of the response's repeated field.
  int rows_field = 0;
  // List: the rows are counted, too.
  bool total = false;
  // A write: its request_id is claimed by the same statement.
  bool claimed = false;
  // Claimed delete: a row that is not there is as good as one deleted, so that
  // the request_id is claimed then, too.
  bool allow_missing = false;
  // Get, list: what is answered of each row. Nothing: every stored field.
  std::optional<ReadMask> read_mask;

  bool operator==(const Shape&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const Shape& s) {
    h = H::combine(std::move(h), s.kind, s.resource, s.columns, s.merges, s.changes, s.condition,
                   s.order, s.after, s.rows_field, s.total, s.claimed, s.allow_missing);
    return s.read_mask ? H::combine(std::move(h), *s.read_mask) : std::move(h);
  }
};

// Columns whose values a client gives: all but those of the database's own.
std::vector<int> ClientColumns(const Resource& resource);

}  // namespace dataservice
