// What the field of a resource cannot be.
#pragma once

#include <google/protobuf/descriptor.h>

#include "contract/column.h"
#include "contract/diagnostics.h"

namespace dataservice {

// Annotations of a column that contradict each other, or that the engine does
// not keep.
void CheckColumn(const Column& column, Diagnostics& diagnostics);

// Whether a key may be of the column's type.
bool IsKeyType(const Column& column);

// The key: always there, a string or an integer, the client's.
void CheckKey(const Column& column, Diagnostics& diagnostics);

// A field named etag, which is not stored (AIP-154).
void CheckEtag(const google::protobuf::FieldDescriptor& field, Diagnostics& diagnostics);

// A stored reference, apart from what it refers to.
void CheckReference(const Column& column, Diagnostics& diagnostics);

}  // namespace dataservice
