// What each function of a computed field takes and gives.
#pragma once

#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// The types of a computed field whose source and operand were found, against
// storage.v1.Function. `computed` is not repeated.
void CheckComputedTypes(const ComputedField& computed, Diagnostics& diagnostics);

}  // namespace dataservice
