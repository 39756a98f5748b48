// The fields of a method's request and response, by its kind.
#pragma once

#include <google/protobuf/descriptor.h>

#include "contract/diagnostics.h"
#include "contract/method.h"

namespace dataservice {

// Finds the fields of a method of that kind; `resource` is null for a custom one. What is
// missing, of another type, or not of such a method goes to `diagnostics`.
MethodFields BuildMethodFields(MethodKind kind,
                               const google::protobuf::MethodDescriptor& descriptor,
                               const Resource* resource, Diagnostics& diagnostics);

}  // namespace dataservice
