// Reads the standard annotations of a field.
#pragma once

#include <google/protobuf/descriptor.h>

#include "google/api/field_behavior.pb.h"

namespace dataservice {

// Whether google.api.field_behavior has `behavior`.
bool HasBehavior(const google::protobuf::FieldDescriptor& field,
                 google::api::FieldBehavior behavior);

// Whether the field must have a value: field_behavior REQUIRED, or buf.validate
// required.
bool IsRequired(const google::protobuf::FieldDescriptor& field);

}  // namespace dataservice
