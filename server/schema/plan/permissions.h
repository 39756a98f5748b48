// Which steps of a plan need to be allowed by name.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "schema/plan/plan.h"

namespace dataservice::schema {

// Whether the step is left out while the others are done.
bool IsLeftOut(const Step& step, const std::set<std::string>& allowed);

// "destructive; --allow drop-column:article.size".
std::string LeftOutText(const Step& step);

// The reasons why the plan is refused with these permissions; empty if it is not.
std::vector<std::string> PlanObjections(const Plan& plan, const std::set<std::string>& allowed);

}  // namespace dataservice::schema
