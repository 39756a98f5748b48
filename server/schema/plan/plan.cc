#include "schema/plan/plan.h"

#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

// In the order of the plan.
constexpr std::array kParts = {
    SchemaSteps,
    TakeOverSteps,
    EarlyDropSteps,
    RenameSteps,
    EarlyObjectDropSteps,
    RelaxationSteps,
    TypeChangeSteps,
    DefaultSteps,
    NewColumnSteps,
    NewTableSteps,
    // Indexes before the validations that use them, such as those of foreign keys.
    IndexSteps,
    ConstraintSteps,
    ValidationSteps,
    NotNullSteps,
    LateIndexDropSteps,
    CommentSteps,
    JsonChangeSteps,
    LateDropSteps,
};

}  // namespace

std::string_view StepKindName(StepKind kind) {
  switch (kind) {
    case StepKind::kOnline:
      return "online";
    case StepKind::kBlocking:
      return "blocking";
    case StepKind::kDestructive:
      return "destructive";
  }
  return "";
}

std::string AlterColumn(const SchemaTable& table, std::string_view column) {
  return absl::StrCat("ALTER TABLE ", TableName(table), " ALTER COLUMN ", Identifier(column));
}

void SharePermission(const Step& first, Step& step) {
  step.permission = first.permission;
  step.needed = first.needed;
}

void Append(std::vector<Step> more, std::vector<Step>& steps) {
  std::move(more.begin(), more.end(), std::back_inserter(steps));
}

Plan MakePlan(const SchemaModel& wanted, const SchemaModel& actual,
              const Surroundings& surroundings) {
  const Pairing pairing = Pair(wanted, actual);
  const std::vector<TableWork> tables = WorkOf(pairing);
  const PlanContext context{pairing, tables, actual, surroundings};
  Plan plan;
  for (const auto& part : kParts) Append(part(context), plan.steps);
  for (Step& step : plan.steps) {
    if (step.kind == StepKind::kDestructive) step.permission = step.name;
    step.obstacles = ObstaclesOf(context, step);
  }
  plan.refusals = RefusalsOf(context, plan.steps);
  return plan;
}

}  // namespace dataservice::schema
