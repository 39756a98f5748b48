// The fields that a read returns of each row (AIP-157). It is part of the read's shape.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace dataservice {

// Lists are sorted and without duplicates, so that masks with the same meaning are equal and
// share a statement.
struct ReadMask {
  // Positions in Resource::columns: returned as a whole.
  std::vector<int> columns;
  // Positions in Resource::computed.
  std::vector<int> computed;
  // Fields inside stored messages, "part.name": the only ones returned of these messages. None is
  // inside another, or inside a column that is returned as a whole.
  std::vector<std::string> sub_fields;
  bool etag = false;

  bool operator==(const ReadMask&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const ReadMask& m) {
    return H::combine(std::move(h), m.columns, m.computed, m.sub_fields, m.etag);
  }
};

}  // namespace dataservice
