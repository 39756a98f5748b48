#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/fits.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {

// A constraint that is validated first, so that SET NOT NULL needs no look at the
// rows under its lock (PostgreSQL 12 and newer).
void AddNotNull(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    const SchemaTable& table = *work.pair->wanted;
    for (const ColumnPair& column : work.pair->columns) {
      if (!BecomesNotNull(column)) continue;
      const SchemaObject constraint = NotNullConstraint(table, *column.wanted);
      const SchemaObject* there = FindNamed(work.pair->constraints, constraint.name);
      const size_t first = parts.plan.steps.size();
      if (there == nullptr) {
        AddConstraintSteps(parts, work, constraint, nullptr);
      } else if (!there->valid) {
        AddValidation(parts, work, constraint);
      }
      parts.plan.steps.push_back(
          {.name = absl::StrCat("set-not-null:", work.label, ".", column.wanted->name),
           .locks = Moment(kAccessExclusive, table),
           .sql = {absl::StrCat(AlterColumn(table, column.wanted->name), " SET NOT NULL"),
                   absl::StrCat("ALTER TABLE ", TableName(table), " DROP CONSTRAINT ",
                                Identifier(constraint.name))},
           .schema = table.schema});
      Step& begin = parts.plan.steps[first];
      // Rows without a value: of a column that they do not write too, because it has no default.
      if (there == nullptr) MarkWrites(parts, work, false, begin);
      for (size_t i = first; i < parts.plan.steps.size(); ++i) {
        parts.plan.steps[i].fits.clear();
        parts.plan.steps[i].permission = begin.permission;
        parts.plan.steps[i].needed = begin.needed;
        parts.plan.steps[i].proof.clear();
      }
      begin.fits = {FitOfNotNull(*work.pair, *column.wanted)};
    }
  }
}

}  // namespace dataservice::schema
