// Computed fields -> SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/resource.h"

namespace dataservice {

// Returns the joins that compute `fields` (positions in Resource::computed, ascending) for each row
// of the relation `alias`: one LATERAL subquery for each pair of source and reference, which uses
// the reference's index. Empty if there are no fields. The joins never fail, whatever the values
// and the number of rows.
std::string ComputedJoins(const Resource& resource, const std::vector<int>& fields,
                          std::string_view alias);

// The name of a computed field's column in the joins. No field can have such a name.
std::string ComputedColumn(int field);

}  // namespace dataservice
