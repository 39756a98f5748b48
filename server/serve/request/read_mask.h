// The read mask of a request (AIP-157).
#pragma once

#include <google/protobuf/message.h>

#include <optional>
#include <string_view>

#include "contract/field_set.h"
#include "contract/read_mask.h"
#include "contract/resource.h"
#include "serve/request/violations.h"

namespace dataservice {

// The google.protobuf.FieldMask `mask` for rows of `resource`.
// - Without a path it is nothing: every stored field, no computed one.
// - `*`, which stands alone, is every stored and every computed field that is not `hidden`.
// - `part.name` is a field inside a stored message.
// A path that names no field, and too many paths, go to `violations` under
// `mask_name`.
std::optional<ReadMask> ParseReadMask(const google::protobuf::Message& mask,
                                      const Resource& resource, const FieldSet& hidden,
                                      std::string_view mask_name, Violations& violations);

}  // namespace dataservice
