// Checks of the fields of resources. Each reports problems to `diagnostics`.
#pragma once

#include <google/protobuf/descriptor.h>

#include "contract/column.h"
#include "contract/diagnostics.h"

namespace dataservice {

// Annotations that contradict each other, or that the engine does not support.
void CheckColumn(const Column& column, Diagnostics& diagnostics);

// Whether a key may be of the column's type.
bool IsKeyType(const Column& column);

// The key: a string or an integer that is always present and that clients set.
void CheckKey(const Column& column, Diagnostics& diagnostics);

// A field named etag, which is not stored (AIP-154).
void CheckEtag(const google::protobuf::FieldDescriptor& field, Diagnostics& diagnostics);

// A stored reference, without the resource that it refers to.
void CheckReference(const Column& column, Diagnostics& diagnostics);

}  // namespace dataservice
