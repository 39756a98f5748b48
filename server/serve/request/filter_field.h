// The filter of a request (AIP-160).
#pragma once

#include <google/protobuf/message.h>

#include "contract/method.h"
#include "contract/shape.h"
#include "serve/request/violations.h"
#include "serve/values/values.h"

namespace dataservice {

// Reads the request's filter, if the method has one: its condition goes to
// `shape`, its values are appended.
void AddFilter(const Method& method, const google::protobuf::Message& request, Shape& shape,
               Values& values, Violations& violations);

}  // namespace dataservice
