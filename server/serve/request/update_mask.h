// What an update changes (AIP-134, AIP-161).
#pragma once

#include <google/protobuf/message.h>

#include <map>
#include <string_view>
#include <vector>

#include "contract/resource.h"
#include "serve/request/json_change.h"
#include "serve/request/part_path.h"
#include "serve/request/violations.h"

namespace dataservice {

struct MaskedFields {
  // Positions of the columns that are replaced or compared, ascending.
  std::vector<int> columns;
  // The changes inside the JSON of other columns, by position.
  std::map<int, JsonChange> changes;
  // The parts that the mask names in these, for their rules.
  std::vector<PartPath> parts;
};

// The fields that an update with this mask changes. `row` is the resource's message in the
// request.
// - An empty mask means the fields that are set, `*` means all.
// - The key, the etag and OUTPUT_ONLY fields are ignored: they may be named, so that a
//   message that was read can be sent back.
// - A member of a oneof includes its siblings, which become absent.
// - `part.name` is a field inside a stored message, `labels.key` an entry of a map or a
//   member of a Struct (part_path.h); the others stay.
// A path that names no field goes to `violations` under `mask_name`.
MaskedFields FieldsOfMask(const Resource& resource, const google::protobuf::Message& mask,
                          const google::protobuf::Message& row, std::string_view mask_name,
                          Violations& violations);

}  // namespace dataservice
