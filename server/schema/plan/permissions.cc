#include "schema/plan/permissions.h"

#include "absl/strings/str_cat.h"

namespace dataservice::schema {

bool IsLeftOut(const Step& step, const std::set<std::string>& allowed) {
  return !step.permission.empty() && !step.needed && !allowed.contains(step.permission);
}

std::string LeftOutText(const Step& step) {
  return absl::StrCat(step.kind == StepKind::kDestructive ? "destructive"
                      : step.breaks                       ? "breaks running servers"
                                                          : "belongs to it",
                      "; --allow ", step.permission);
}

std::vector<std::string> PlanObjections(const Plan& plan, const std::set<std::string>& allowed) {
  std::vector<std::string> out = plan.refusals;
  std::set<std::string> asked;
  for (const Step& step : plan.steps) {
    const bool missing =
        step.needed && !step.permission.empty() && !allowed.contains(step.permission);
    if (missing && asked.insert(step.permission).second) {
      out.push_back(absl::StrCat(
          step.name,
          step.kind == StepKind::kDestructive ? " loses data: " : " breaks what uses the table: ",
          step.why, "; if that is meant, --allow ", step.permission));
    }
  }
  for (const Step& step : plan.steps) {
    if (IsLeftOut(step, allowed)) continue;
    for (const std::string& obstacle : step.obstacles) {
      out.push_back(absl::StrCat(step.name, ": in the way is ", obstacle));
    }
  }
  return out;
}

}  // namespace dataservice::schema
