// A set of fields of the contract's messages.
#pragma once

#include <google/protobuf/descriptor.h>

#include "absl/container/flat_hash_set.h"

namespace dataservice {

using FieldSet = absl::flat_hash_set<const google::protobuf::FieldDescriptor*>;

}  // namespace dataservice
