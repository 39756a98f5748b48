// Computed fields -> SQL.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/resource.h"

namespace dataservice {

// The joins that compute fields (positions in Resource::computed, ascending) of
// each row of the relation `alias`: a LATERAL subquery for each pair of a
// referring resource and its reference, which the reference's index serves. Empty
// where there are none. No value, and no number of rows, makes them fail.
std::string ComputedJoins(const Resource& resource, const std::vector<int>& fields,
                          std::string_view alias);

// The name of a computed field's column in them: one that no field can have.
std::string ComputedColumn(int field);

}  // namespace dataservice
