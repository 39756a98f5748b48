#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/steps.h"
#include "schema/plan/violation_queries.h"

namespace dataservice::schema {
namespace {

// The steps of one column. A constraint is validated first, so that SET NOT NULL does not
// check the rows under its lock (PostgreSQL 12 and newer).
std::vector<Step> StepsOf(const PlanContext& context, const TableWork& work,
                          const SchemaColumn& column) {
  const SchemaTable& table = *work.pair->wanted;
  const SchemaObject constraint = NotNullConstraint(table, column);
  // What an interrupted apply created.
  const SchemaObject* existing = FindNamed(work.pair->constraints, constraint.name);
  std::vector<Step> steps;
  if (existing == nullptr) {
    steps.push_back(AddNotValid(work, constraint, nullptr));
    // Rows without a value: also of a column that servers of the old contract do not write,
    // because it has no default.
    MarkWrites(context, work, /*needed=*/false, steps.back());
  }
  if (existing == nullptr || !existing->valid) steps.push_back(Validation(work, constraint));
  steps.push_back({.name = absl::StrCat("set-not-null:", work.label, ".", column.name),
                   .locks = BriefLock(kAccessExclusive, table),
                   .sql = {absl::StrCat(AlterColumn(table, column.name), " SET NOT NULL"),
                           DropConstraintStatement(table, constraint, /*if_exists=*/false)},
                   .schema = table.schema});
  steps.front().violation_queries = {NotNullViolations(*work.pair, column)};
  for (Step& step : steps) SharePermission(steps.front(), step);
  return steps;
}

}  // namespace

std::vector<Step> NotNullSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) continue;
    for (const ColumnPair& column : work.pair->columns) {
      if (BecomesNotNull(column)) Append(StepsOf(context, work, *column.wanted), steps);
    }
  }
  return steps;
}

}  // namespace dataservice::schema
