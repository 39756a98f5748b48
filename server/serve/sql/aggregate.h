// The functions of computed fields (storage.v1.Function) -> SQL.
#pragma once

#include <string>
#include <string_view>

#include "contract/resource.h"

namespace dataservice {

// The expression that aggregates the rows `alias` of the field's source, in a
// query without GROUP BY. Counts and sums are never NULL, all else is where there
// is no value. PostgreSQL's sum() and avg() of doubles fail where a sum, or a sum
// of squares, is out of range; these expressions do not: integers stop at the
// ends of the field's type, doubles become Infinity (IEEE 754).
std::string AggregateSql(const ComputedField& field, std::string_view alias);

}  // namespace dataservice
