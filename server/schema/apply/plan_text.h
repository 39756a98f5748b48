// Plans and differences as text and as JSON.
#pragma once

#include <string>

#include "schema/apply/apply.h"
#include "schema/plan/difference.h"

namespace dataservice::schema {

// The numbered steps with their SQL, then what prevents the plan.
std::string PlanText(const DatabasePlan& plan);

// {"steps":[{"name","kind","lock","why","breaks","allow","needed","obstacles":[],"concurrent",
// "sql":[],"violation_queries":[{"what","query"}]}],
// "violations":[{"step","what","rows","keys":[],"query"}],
// "refusals":[],"extra":[],"problems":[]}
std::string PlanJson(const DatabasePlan& plan);

// The result of `check`.
struct CheckReport {
  Differences differences;
  std::vector<std::string> rights;    // missing ones and those that are too many
  std::vector<std::string> problems;  // with roles that the tool cannot change

  bool Agrees() const { return differences.wrong.empty() && rights.empty() && problems.empty(); }
};

std::string CheckText(const CheckReport& report);

// {"agrees":false,"differences":[{"text","harmful"}],"rights":[],"problems":[],
// "extra":[]}
std::string CheckJson(const CheckReport& report);

}  // namespace dataservice::schema
