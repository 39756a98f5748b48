// A condition (contract/condition.h) -> SQL.
#pragma once

#include <string>
#include <string_view>

#include "contract/condition.h"
#include "contract/resource.h"

namespace dataservice {

// Returns the condition over the resource's table `alias`: an expression that can be an operand of
// AND. It is TRUE for the rows that fulfil the condition, and FALSE or NULL for all others. Its
// condition.values() parameters are numbered from `next_parameter`, which is increased by their
// number, and are cast to their types. Comparisons with =, <, <=, > and >= and of prefixes can use
// an index of the column. The expression never fails: jsonb that does not match the contract
// counts as absent.
std::string ConditionSql(const Condition& condition, const Resource& resource,
                         std::string_view alias, int& next_parameter);

}  // namespace dataservice
