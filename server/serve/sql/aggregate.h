// The functions of computed fields (storage.v1.Function) -> SQL.
#pragma once

#include <string>
#include <string_view>

#include "contract/resource.h"

namespace dataservice {

// Returns the expression that aggregates the rows `alias` of the field's source in a query
// without GROUP BY. Counts and sums are never NULL; the other functions are NULL if there is no
// value. PostgreSQL's sum() and avg() of doubles fail if a sum, or a sum of squares, is out of
// range. These expressions never fail: integers are limited to the range of the field's type, and
// doubles become Infinity (IEEE 754).
std::string AggregateSql(const ComputedField& field, std::string_view alias);

}  // namespace dataservice
