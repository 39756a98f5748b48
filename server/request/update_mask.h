// What an update changes (AIP-134, AIP-161).
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string_view>
#include <vector>

#include "contract/shape.h"
#include "request/violations.h"

namespace dataservice {

// A field inside a stored message that an update names.
struct NamedSubField {
  SubField field;
  // From the resource's field inwards; the last is the one that is written.
  std::vector<const google::protobuf::FieldDescriptor*> descriptors;
};

struct MaskedFields {
  // Positions of the columns that are written or compared whole, ascending.
  std::vector<int> columns;
  // Sorted; none of a column that is written whole, none inside another.
  std::vector<NamedSubField> sub_fields;
};

// What an update with this mask changes. `row` is the resource's message in the
// request.
// - An empty mask means the fields that are set, `*` means all.
// - The key, the etag and OUTPUT_ONLY fields are left out: they may be named, so
//   that what was read can be sent back.
// - A member of a oneof brings its siblings, which become absent.
// - `part.name` is a field inside a stored message; the others stay.
// A path that names no field goes to `violations` under `mask_name`.
MaskedFields FieldsOfMask(const Resource& resource, const google::protobuf::Message& mask,
                          const google::protobuf::Message& row, std::string_view mask_name,
                          Violations& violations);

}  // namespace dataservice
