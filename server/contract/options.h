// Reads the standard annotations of a field.
#pragma once

#include <google/protobuf/descriptor.h>

#include "google/api/field_behavior.pb.h"

namespace dataservice {

// Whether google.api.field_behavior has `behavior`.
bool HasBehavior(const google::protobuf::FieldDescriptor& field,
                 google::api::FieldBehavior behavior);

}  // namespace dataservice
