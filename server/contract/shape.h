// The shapes of statements: all that decides an SQL text. Operations of equal shapes
// share a statement; no value of a request is part of one.
#pragma once

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "contract/condition.h"
#include "contract/read_mask.h"
#include "contract/resource.h"

namespace dataservice {

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

// Reads rows by their keys.
struct GetShape {
  const Resource* resource = nullptr;
  // The fields that are returned. Empty: every stored field.
  std::optional<ReadMask> read_mask = std::nullopt;
  // Of private rows: those of all owners, who may have the same key several times.
  bool all_owners = false;

  bool operator==(const GetShape&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const GetShape& s) {
    h = H::combine(std::move(h), s.resource, s.all_owners);
    return s.read_mask ? H::combine(std::move(h), *s.read_mask, true)
                       : H::combine(std::move(h), false);
  }
};

// Reads a page of the rows that obey all restrictions.
struct ListShape {
  const Resource* resource = nullptr;
  // Positions of the columns that are compared for equality. The owner is the first if the rows
  // are private and the list is not of all owners.
  std::vector<int> columns = {};
  // The filter.
  Condition condition = {};
  // Not empty. It has the key, and the owner if the list is of all owners of private rows, so that
  // no two rows are equal. NULL comes last, or
  // first in a descending order.
  std::vector<OrderTerm> order;
  // Empty for a first page. Otherwise the page begins after a position that has, for each
  // term of the order, a value (true) or NULL.
  std::vector<bool> after = {};
  // The number of the response's repeated field.
  int rows_field = 0;
  // The statement counts the rows of all pages, too.
  bool total = false;
  std::optional<ReadMask> read_mask = std::nullopt;
  // Of a statement that serves many lists (serve/sql/shared_list.h): the most rows that it reads
  // for each of them. 0: the statement serves one list.
  int shared_limit = 0;

  bool operator==(const ListShape&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const ListShape& s) {
    h = H::combine(std::move(h), s.resource, s.columns, s.condition, s.order, s.after, s.rows_field,
                   s.total, s.shared_limit);
    return s.read_mask ? H::combine(std::move(h), *s.read_mask, true)
                       : H::combine(std::move(h), false);
  }
};

// Makes the comparisons of a filter that is a conjunction of equalities (or one equality) columns
// of the shape, so that it has the same statement as a request with these equality fields. Their
// values remain in the same order. Other filters remain as they are.
void TakeEqualities(ListShape& shape);

// Whether a list of private rows is of one owner: that of the caller.
bool IsOfOneOwner(const ListShape& shape);

// Reads a page of an export, in the order of the key; of the primary key if the rows are private
// and of all owners.
struct ExportShape {
  const Resource* resource = nullptr;
  // Positions of the columns that are compared for equality: the owner, if the rows are private
  // and the export is not of all owners.
  std::vector<int> columns = {};
  // The filter.
  Condition condition = {};
  // The page begins after a key; false for the first page.
  bool after_key = false;

  bool operator==(const ExportShape&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const ExportShape& s) {
    return H::combine(std::move(h), s.resource, s.columns, s.condition, s.after_key);
  }
};

// The order of an export.
std::vector<OrderTerm> ExportOrder(const ExportShape& shape);

// Inserts rows.
struct CreateShape {
  const Resource* resource = nullptr;
  // Positions of the columns that are written.
  std::vector<int> columns;
  // The same statement claims the request_id of each write (AIP-155).
  bool claimed = false;

  bool operator==(const CreateShape&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const CreateShape& s) {
    return H::combine(std::move(h), s.resource, s.columns, s.claimed);
  }
};

// Inserts rows, or updates those that exist.
struct UpsertShape {
  const Resource* resource = nullptr;
  // Positions of the columns of a new row.
  std::vector<int> columns;
  // Those that change in a row that exists.
  std::vector<int> changes;
  bool claimed = false;

  bool operator==(const UpsertShape&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const UpsertShape& s) {
    return H::combine(std::move(h), s.resource, s.columns, s.changes, s.claimed);
  }
};

// Updates rows that exist.
struct UpdateShape {
  const Resource* resource = nullptr;
  // Positions of the columns that are replaced.
  std::vector<int> columns = {};
  // The jsonb columns of which only parts change, ascending.
  std::vector<int> merges = {};
  bool claimed = false;

  bool operator==(const UpdateShape&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const UpdateShape& s) {
    return H::combine(std::move(h), s.resource, s.columns, s.merges, s.claimed);
  }
};

// Deletes rows.
struct DeleteShape {
  const Resource* resource = nullptr;
  bool claimed = false;
  // If claimed: a row that does not exist counts as deleted, so that its request_id is
  // claimed as well.
  bool allow_missing = false;

  bool operator==(const DeleteShape&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const DeleteShape& s) {
    return H::combine(std::move(h), s.resource, s.claimed, s.allow_missing);
  }
};

// Locks rows for the writes that follow in the same transaction.
struct LockShape {
  const Resource* resource = nullptr;

  bool operator==(const LockShape&) const = default;
  template <typename H>
  friend H AbslHashValue(H h, const LockShape& s) {
    return H::combine(std::move(h), s.resource);
  }
};

using Shape = std::variant<GetShape, ListShape, ExportShape, CreateShape, UpsertShape, UpdateShape,
                           DeleteShape, LockShape>;

const Resource& ResourceOf(const Shape& shape);

// Whether the statement claims request_ids.
bool IsClaimed(const Shape& shape);

// The read mask of a get or a list; null if the statement returns every stored field.
const ReadMask* ReadMaskOf(const Shape& shape);

// Columns whose values a client gives: all but those that the database fills.
std::vector<int> ClientColumns(const Resource& resource);

}  // namespace dataservice
