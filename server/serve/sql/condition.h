// A condition (contract/condition.h) -> SQL.
#pragma once

#include <string>
#include <string_view>

#include "contract/condition.h"
#include "contract/resource.h"

namespace dataservice {

// The condition over the resource's table as `alias`: an expression that AND may
// join to others, TRUE exactly for the rows that fulfil it, and FALSE or NULL for
// the rest. Its parameters are numbered from `next_parameter`, which is moved past
// them: as many as condition.values(), each cast to its type. An index serves
// equality, order and prefix of a column. No stored value makes it fail, also none
// that jsonb holds against the contract: that counts as absent.
std::string ConditionSql(const Condition& condition, const Resource& resource,
                         std::string_view alias, int& next_parameter);

}  // namespace dataservice
