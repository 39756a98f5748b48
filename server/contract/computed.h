// Fields that reads compute from the rows that refer to the resource's row (storage.v1.Computed).
#pragma once

#include <google/protobuf/descriptor.h>

#include <memory>
#include <vector>

#include "contract/column.h"
#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// Whether the field is computed, and therefore not a column.
bool IsComputed(const google::protobuf::FieldDescriptor& field);

// Builds a computed field with its type and function; ResolveComputed() adds the rest. Reports
// contradictions to `diagnostics`.
ComputedField BuildComputed(const google::protobuf::FieldDescriptor& field,
                            Diagnostics& diagnostics);

// Finds the source, reference and operand of each computed field of `resource`. The references of
// all `resources` must have been resolved. Reports what does not exist, or has an unsuitable
// type, to `diagnostics`.
void ResolveComputed(Resource& resource, const std::vector<std::unique_ptr<Resource>>& resources,
                     Diagnostics& diagnostics);

}  // namespace dataservice
