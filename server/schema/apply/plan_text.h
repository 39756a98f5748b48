// Plans and differences as people and machines read them.
#pragma once

#include <string>

#include "schema/apply/apply.h"
#include "schema/plan/difference.h"

namespace dataservice::schema {

// Numbered steps with their SQL, then what speaks against them.
std::string PlanText(const DatabasePlan& plan);

// {"steps":[{"name","kind","lock","why","breaks","allow","needed","obstacles":[],"concurrent",
// "sql":[],"fits":[{"what","query"}]}],"misfits":[{"step","what","rows","keys":[],"query"}],
// "refusals":[],"extra":[],"problems":[]}
std::string PlanJson(const DatabasePlan& plan);

// What `check` found.
struct CheckReport {
  Differences differences;
  std::vector<std::string> rights;    // that are missing or too many
  std::vector<std::string> problems;  // with roles that the tool cannot change

  bool Agrees() const { return differences.wrong.empty() && rights.empty() && problems.empty(); }
};

std::string CheckText(const CheckReport& report);

// {"agrees":false,"differences":[{"text","harmful"}],"rights":[],"problems":[],
// "extra":[]}
std::string CheckJson(const CheckReport& report);

}  // namespace dataservice::schema
