// Which columns an update changes (AIP-134, AIP-161).
#pragma once

#include <google/protobuf/message.h>

#include <string_view>
#include <vector>

#include "contract/resource.h"
#include "request/violations.h"

namespace dataservice {

// Positions of the columns that an update with this mask writes or compares, in
// ascending order. `row` is the resource's message in the request.
// - An empty mask means the fields that are set, `*` means all.
// - The key, the etag and OUTPUT_ONLY fields are left out: they may be named, so
//   that what was read can be sent back.
// - A member of a oneof brings its siblings, which become absent.
// A path that names no field, or a part of one, goes to `violations` under
// `mask_name`.
std::vector<int> ColumnsOfMask(const Resource& resource, const google::protobuf::Message& mask,
                               const google::protobuf::Message& row, std::string_view mask_name,
                               Violations& violations);

}  // namespace dataservice
