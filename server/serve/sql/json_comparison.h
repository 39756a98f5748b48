// A comparison inside a jsonb column -> SQL.
#pragma once

#include <string>

#include "contract/condition.h"

namespace dataservice {

// `comparison` has a path, and `column` is the expression of the column. As
// ConditionSql().
std::string JsonComparisonSql(const Comparison& comparison, const std::string& column,
                              int& next_parameter);

}  // namespace dataservice
