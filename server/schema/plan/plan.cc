#include "schema/plan/plan.h"

#include "absl/strings/str_cat.h"
#include "schema/model/ddl.h"
#include "schema/model/identity.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {

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

namespace {

// Columns of somebody else without which no row can be added.
std::vector<std::string> ColumnsInTheWay(const Pairing& pairing) {
  std::vector<std::string> out;
  for (const TablePair& pair : pairing.tables) {
    if (pair.actual == nullptr) continue;
    for (const SchemaColumn& column : pair.actual->columns) {
      if (pair.IsWanted(column) || OwnText(column.comment) || !NeedsValue(column)) continue;
      out.push_back(absl::StrCat(TableName(*pair.actual), ": ", column.name,
                                 " is not the contract's, may not be NULL and has no default: no "
                                 "row could be added; give it a default, or drop it"));
    }
  }
  return out;
}

}  // namespace

Plan MakePlan(const SchemaModel& wanted, const SchemaModel& actual,
              const Surroundings& surroundings) {
  const Pairing pairing = Pair(wanted, actual);
  const std::vector<TableWork> tables = WorkOf(pairing);
  Plan plan;
  plan.refusals = ColumnsInTheWay(pairing);
  PlanParts parts{pairing, tables, actual, surroundings, plan};
  AddSchemas(parts);
  AddTakeOvers(parts);
  AddDropsInTheWay(parts);
  AddRenames(parts);
  AddEarlyObjectDrops(parts);
  AddReliefs(parts);
  AddTypeChanges(parts);
  AddDefaults(parts);
  AddNewColumns(parts);
  AddNewTables(parts);
  // Indexes before what is validated with their help, as references are.
  AddIndexes(parts);
  AddConstraints(parts);
  AddValidations(parts);
  AddNotNull(parts);
  AddLateIndexDrops(parts);
  AddComments(parts);
  AddJsonChanges(parts);
  AddLastDrops(parts);
  for (Step& step : plan.steps) {
    if (step.kind == StepKind::kDestructive) step.permission = step.name;
  }
  AddObstacles(parts);
  RefuseTakenNames(parts);
  RefuseWithoutRights(parts);
  return plan;
}

}  // namespace dataservice::schema
