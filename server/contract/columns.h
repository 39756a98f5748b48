// Fields -> columns.
#pragma once

#include <google/protobuf/descriptor.h>

#include "contract/column.h"
#include "contract/diagnostics.h"

namespace dataservice {

// The column of a field, without its reference. What makes no column goes to
// `diagnostics`.
Column BuildColumn(const google::protobuf::FieldDescriptor& field, Diagnostics& diagnostics);

// Whether the field is the resource's etag, which is made from its update_time
// and not stored.
bool IsEtag(const google::protobuf::FieldDescriptor& field);

}  // namespace dataservice
