// The types that the functions of computed fields accept and return.
#pragma once

#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// Checks the types of a computed field and of its operand against storage.v1.Function. The
// source and operand of `computed` are resolved, and its field is not repeated.
void CheckComputedTypes(const ComputedField& computed, Diagnostics& diagnostics);

}  // namespace dataservice
