// Fields -> columns.
#pragma once

#include <google/protobuf/descriptor.h>

#include "contract/column.h"
#include "contract/diagnostics.h"

namespace dataservice {

// Builds the column of a field, without its reference. Reports a field that cannot be a column
// to `diagnostics`.
Column BuildColumn(const google::protobuf::FieldDescriptor& field, Diagnostics& diagnostics);

// Whether the field is the resource's etag, which is computed from the update_time and not
// stored.
bool IsEtag(const google::protobuf::FieldDescriptor& field);

}  // namespace dataservice
