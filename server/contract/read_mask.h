// What a read answers of each row (AIP-157): part of its shape.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dataservice {

// Everything is sorted and named once, so that masks that mean the same are
// equal and share a statement.
struct ReadMask {
  // Positions in Resource::columns: answered whole.
  std::vector<int> columns;
  // Positions in Resource::computed.
  std::vector<int> computed;
  // Fields inside stored messages, "part.name": all that is answered of these
  // messages. None inside another, or of a column that is answered whole.
  std::vector<std::string> sub_fields;
  bool etag = false;

  bool operator==(const ReadMask&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const ReadMask& m) {
    return H::combine(std::move(h), m.columns, m.computed, m.sub_fields, m.etag);
  }
};

}  // namespace dataservice
