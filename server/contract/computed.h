// Fields of a resource that reads compute from the rows that refer to it
// (storage.v1.Computed).
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <vector>

#include "contract/column.h"
#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// Whether the field is computed, and so no column.
bool IsComputed(const google::protobuf::FieldDescriptor& field);

// The field's value and function. What it aggregates is found by
// ResolveComputed(). What cannot be goes to `diagnostics`.
ComputedField BuildComputed(const google::protobuf::FieldDescriptor& field,
                            Diagnostics& diagnostics);

// Finds what the computed fields of `resource` aggregate; the references of all
// `resources` are resolved. What there is not, or does not fit, goes to
// `diagnostics`.
void ResolveComputed(Resource& resource, const std::vector<std::unique_ptr<Resource>>& resources,
                     Diagnostics& diagnostics);

}  // namespace dataservice
