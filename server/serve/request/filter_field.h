// The filter of a request (AIP-160).
#pragma once

#include <google/protobuf/message.h>

#include "contract/condition.h"
#include "contract/resource.h"
#include "serve/request/violations.h"
#include "serve/values/values.h"

namespace dataservice {

// Reads the request's field `filter`, which may be null: returns its condition, and appends
// its values to `values`.
Condition ReadFilter(const google::protobuf::Message& request,
                     const google::protobuf::FieldDescriptor* filter, const Resource& resource,
                     Values& values, Violations& violations);

}  // namespace dataservice
