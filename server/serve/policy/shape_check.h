// Whether a call may use the columns that its request names.
#pragma once

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "contract/shape.h"
#include "serve/policy/access.h"

namespace dataservice {

// The shape has every column that a request names: of its filter, order, masks and restrictions.
// PERMISSION_DENIED if it reads or compares one that is hidden, or writes one that is read-only.
// A stored value that is IMMUTABLE, or of which only parts change, is compared by a write.
absl::Status CheckShape(const Shape& shape, const Access& access);

// PERMISSION_DENIED if the row, which a request creates or replaces, has a read-only field, or
// another field of a oneof that has one.
absl::Status CheckRow(const google::protobuf::Message& row, const Resource& resource,
                      const Access& access);

// PERMISSION_DENIED if the etag of the resource is hidden: a request must not compare it.
absl::Status CheckEtag(const Resource& resource, const Access& access);

// The columns of `columns` that replacing a row changes: none that is read-only, nor one that is
// hidden from the caller and not given, so that a caller who writes back what it has read does
// not erase what it cannot see.
std::vector<int> ReplacedColumns(const std::vector<int>& columns,
                                 const google::protobuf::Message& row, const Resource& resource,
                                 const Access& access);

}  // namespace dataservice
