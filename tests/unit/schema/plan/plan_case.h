// Cases of the schema tool: two contracts and what leads from one to the other, a
// file each under testdata/plans:
//
//   # what it is about
//   --- old
//   message ...
//   --- new
//   message ...
//   --- plan
//   1. ...
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace dataservice::test {

struct PlanCase {
  std::string name;  // of the file, without its ending
  std::string path;
  std::string about;
  std::string old_contract;  // bodies of InlineContract
  std::string new_contract;
  std::string plan;

  // The file's text, with another plan.
  std::string WithPlan(const std::string& text) const;
};

// For messages of tests.
inline void PrintTo(const PlanCase& plan_case, std::ostream* out) { *out << plan_case.name; }

// All of them, by name. Fails the test if one cannot be read.
std::vector<PlanCase> PlanCases();

}  // namespace dataservice::test
