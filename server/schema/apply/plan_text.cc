#include "schema/apply/plan_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "postgres/text.h"

namespace dataservice::schema {
namespace {

void AddStep(const Step& step, int number, std::string& out) {
  absl::StrAppend(&out, number, ". ", step.name, "  [", View(StepKindName(step.kind)),
                  step.breaks ? ", breaks running servers" : "", "]\n");
  if (!step.locks.empty()) absl::StrAppend(&out, "   lock: ", LockText(step.locks), "\n");
  if (!step.why.empty()) absl::StrAppend(&out, "   note: ", step.why, "\n");
  if (!step.proof.empty()) {
    absl::StrAppend(&out, "   breaks nothing if the database proves it from the rules it has\n");
  }
  if (!step.permission.empty()) {
    absl::StrAppend(&out, step.needed ? "   needed: --allow " : "   left out without --allow ",
                    step.permission, "\n");
  }
  for (const std::string& obstacle : step.obstacles) {
    absl::StrAppend(&out, "   in the way: ", obstacle, "\n");
  }
  for (const ViolationQuery& query : step.violation_queries) {
    absl::StrAppend(&out, "   there must be no ", query.what, "\n");
  }
  for (const std::string& statement : step.sql) {
    absl::StrAppend(&out, "     ", absl::StrReplaceAll(statement, {{"\n", "\n     "}}), ";\n");
  }
}

}  // namespace

std::string PlanText(const DatabasePlan& plan) {
  std::string out;
  int number = 0;
  for (const Step& step : plan.plan.steps) AddStep(step, ++number, out);
  if (number == 0) absl::StrAppend(&out, "the database agrees with the contract: nothing to do\n");
  for (const std::string& extra : plan.extra) absl::StrAppend(&out, "note: ", extra, "\n");
  for (const std::string& problem : plan.problems) {
    absl::StrAppend(&out, "warning: ", problem, "\n");
  }
  for (const std::string& refusal : plan.plan.refusals) {
    absl::StrAppend(&out, "refused: ", refusal, "\n");
  }
  for (const RowViolation& violation : plan.violations) {
    absl::StrAppend(&out, "violation: ", RowViolationText(violation), "\n");
  }
  return out;
}

std::string CheckText(const CheckReport& report) {
  std::string out;
  for (const Difference& difference : report.differences.wrong) {
    absl::StrAppend(&out, difference.text, "\n");
  }
  for (const std::string& right : report.rights) absl::StrAppend(&out, right, "\n");
  for (const std::string& problem : report.problems) absl::StrAppend(&out, problem, "\n");
  for (const std::string& extra : report.differences.extra) {
    absl::StrAppend(&out, "note: ", extra, "\n");
  }
  absl::StrAppend(&out, report.Agrees() ? "the database agrees with the contract\n"
                                        : "the database does not agree with the contract\n");
  return out;
}

}  // namespace dataservice::schema
