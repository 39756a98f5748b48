// The shape of an operation: all that decides its SQL text. Operations of the
// same shape can share a statement; no value of a request is part of it.
#pragma once

#include <string>
#include <vector>

#include "contract/resource.h"

namespace dataservice {

enum class ShapeKind { kGet, kList, kCreate, kUpsert, kUpdate, kDelete };

struct Shape {
  ShapeKind kind = ShapeKind::kGet;
  const Resource* resource = nullptr;
  // Positions of columns: those written (create, upsert, update), or those
  // compared for equality (list).
  std::vector<int> columns;
  // List: the page begins after a key.
  bool continued = false;
  // List: number of the response's repeated field.
  int rows_field = 0;

  bool operator==(const Shape&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const Shape& s) {
    return H::combine(std::move(h), s.kind, s.resource, s.columns, s.continued, s.rows_field);
  }
};

// Columns whose values a client gives: all but those of the database's own.
std::vector<int> ClientColumns(const Resource& resource);

// The client's columns without the key and the immutable ones: what an upsert
// of an existing row or an update of all fields changes.
std::vector<int> MutableColumns(const Resource& resource);

}  // namespace dataservice
