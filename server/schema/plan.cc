#include "schema/plan.h"

#include "schema/steps.h"

namespace dataservice {

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

Plan MakePlan(const SchemaModel& wanted, const SchemaModel& actual) {
  const Pairing pairing = Pair(wanted, actual);
  const std::vector<TableWork> tables = WorkOf(pairing);
  Plan plan;
  PlanParts parts{pairing, tables, actual, plan};
  AddSchemas(parts);
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
  return plan;
}

}  // namespace dataservice
