#include <algorithm>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

Step DropTable(const PlanContext& context, const SchemaTable& table, bool needed) {
  Step step{.name = absl::StrCat("drop-table:", context.pairing.Label(table)),
            .kind = StepKind::kDestructive,
            .locks = BriefLock(kAccessExclusive, table),
            .why = needed ? std::string("the contract has another table of this name")
                          : absl::StrCat("the contract no longer has it",
                                         NoteOfRemovedTable(context, table)),
            .schema = table.schema,
            .needed = needed,
            .uses = {{ColumnUse::Change::kDrop, TableName(table), ""}}};
  for (const SchemaObject& constraint : table.constraints) {
    if (const ForeignKey* key = AsForeignKey(constraint)) {
      AddLock(kAccessExclusive, key->table, step.locks);
    }
  }
  for (const SchemaTable& other : context.actual.tables) {
    for (const SchemaObject& constraint : other.constraints) {
      if (&other == &table || !RefersTo(constraint, {TableName(table)})) continue;
      step.sql.push_back(absl::StrCat("ALTER TABLE IF EXISTS ", TableName(other),
                                      " DROP CONSTRAINT IF EXISTS ", Identifier(constraint.name)));
      AddLock(kAccessExclusive, TableName(other), step.locks);
    }
  }
  step.sql.push_back(absl::StrCat("DROP TABLE ", TableName(table)));
  return step;
}

// `table`: with its name at that time.
Step DropColumn(const TableWork& work, const SchemaTable& table, const SchemaColumn& column,
                bool needed) {
  return {.name = absl::StrCat("drop-column:", work.label, ".", column.name),
          .kind = StepKind::kDestructive,
          .locks = BriefLock(kAccessExclusive, table),
          .why = needed ? "the contract has another column of this name"
                        : "the contract no longer has it; until it is dropped it keeps its values, "
                          "and nobody reads or writes them",
          .sql = {absl::StrCat("ALTER TABLE ", TableName(table), " DROP COLUMN ",
                               Identifier(column.name))},
          .schema = work.pair->wanted->schema,
          .needed = needed,
          .uses = {{ColumnUse::Change::kDrop, TableName(*work.pair->actual), column.name}}};
}

bool IsInTheWay(const Pairing& pairing, const SchemaTable& removed) {
  return std::any_of(pairing.tables.begin(), pairing.tables.end(), [&](const TablePair& pair) {
    return TableName(*pair.wanted) == TableName(removed);
  });
}

bool IsInTheWay(const TablePair& pair, const SchemaColumn& removed) {
  return FindNamed(pair.wanted->columns, removed.name) != nullptr;
}

}  // namespace

std::vector<Step> EarlyDropSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const SchemaTable* table : context.pairing.removed) {
    if (IsInTheWay(context.pairing, *table)) steps.push_back(DropTable(context, *table, true));
  }
  for (const TableWork& work : context.tables) {
    for (const SchemaColumn* column : work.pair->removed) {
      if (IsInTheWay(*work.pair, *column)) {
        steps.push_back(DropColumn(work, *work.pair->actual, *column, true));
      }
    }
  }
  return steps;
}

std::vector<Step> LateDropSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    for (const SchemaColumn* column : work.pair->removed) {
      if (!IsInTheWay(*work.pair, *column)) {
        steps.push_back(DropColumn(work, *work.pair->wanted, *column, false));
      }
    }
  }
  for (const SchemaTable* table : context.pairing.removed) {
    if (!IsInTheWay(context.pairing, *table)) steps.push_back(DropTable(context, *table, false));
  }
  return steps;
}

std::vector<Step> RelaxationSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    for (const SchemaColumn* column : work.pair->removed) {
      if (IsInTheWay(*work.pair, *column) || !NeedsValue(*column)) continue;
      const SchemaTable& table = *work.pair->wanted;
      steps.push_back(
          {.name = absl::StrCat("drop-not-null:", work.label, ".", column->name),
           .locks = BriefLock(kAccessExclusive, table),
           .why = "the contract no longer has the column, so that new rows have no value for it",
           .sql = {absl::StrCat(AlterColumn(table, column->name), " DROP NOT NULL")},
           .schema = table.schema});
    }
  }
  for (const SchemaTable* table : context.pairing.removed) {
    if (IsInTheWay(context.pairing, *table)) continue;
    for (const SchemaObject& constraint : table->constraints) {
      if (!RestrictsDeletion(constraint)) continue;
      steps.push_back(DropConstraint(
          *table, context.pairing.Label(*table), constraint,
          "the contract no longer has the table, and its rows would keep others from being "
          "deleted"));
    }
  }
  return steps;
}

}  // namespace dataservice::schema
