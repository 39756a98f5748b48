#include <algorithm>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

void AddDrop(PlanParts& parts, const SchemaTable& table, bool needed) {
  Step step{.name = absl::StrCat("drop-table:", parts.pairing.Label(table)),
            .kind = StepKind::kDestructive,
            .locks = Moment(kAccessExclusive, table),
            .why = needed ? std::string("the contract has another table of this name")
                          : absl::StrCat("the contract no longer has it",
                                         NoteOfRemovedTable(parts, table)),
            .schema = table.schema,
            .needed = needed,
            .uses = {{ColumnUse::Change::kDrop, TableName(table), ""}}};
  for (const SchemaObject& constraint : table.constraints) {
    if (const ForeignKey* key = AsForeignKey(constraint)) {
      AlsoLock(kAccessExclusive, key->table, step.locks);
    }
  }
  for (const SchemaTable& other : parts.actual.tables) {
    for (const SchemaObject& constraint : other.constraints) {
      if (&other == &table || !RefersTo(constraint, {TableName(table)})) continue;
      step.sql.push_back(absl::StrCat("ALTER TABLE IF EXISTS ", TableName(other),
                                      " DROP CONSTRAINT IF EXISTS ", Identifier(constraint.name)));
      AlsoLock(kAccessExclusive, TableName(other), step.locks);
    }
  }
  step.sql.push_back(absl::StrCat("DROP TABLE ", TableName(table)));
  parts.plan.steps.push_back(std::move(step));
}

// `table`: its name at that time.
void AddColumnDrop(PlanParts& parts, const TableWork& work, const SchemaTable& table,
                   const SchemaColumn& column, bool needed) {
  parts.plan.steps.push_back(
      {.name = absl::StrCat("drop-column:", work.label, ".", column.name),
       .kind = StepKind::kDestructive,
       .locks = Moment(kAccessExclusive, table),
       .why = needed ? "the contract has another column of this name"
                     : "the contract no longer has it; until it is dropped it keeps its values, "
                       "and nobody reads or writes them",
       .sql = {absl::StrCat("ALTER TABLE ", TableName(table), " DROP COLUMN ",
                            Identifier(column.name))},
       .schema = work.pair->wanted->schema,
       .needed = needed,
       .uses = {{ColumnUse::Change::kDrop, TableName(*work.pair->actual), column.name}}});
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

void AddDropsInTheWay(PlanParts& parts) {
  for (const SchemaTable* table : parts.pairing.removed) {
    if (IsInTheWay(parts.pairing, *table)) AddDrop(parts, *table, true);
  }
  for (const TableWork& work : parts.tables) {
    for (const SchemaColumn* column : work.pair->removed) {
      if (IsInTheWay(*work.pair, *column)) {
        AddColumnDrop(parts, work, *work.pair->actual, *column, true);
      }
    }
  }
}

void AddLastDrops(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    for (const SchemaColumn* column : work.pair->removed) {
      if (!IsInTheWay(*work.pair, *column)) {
        AddColumnDrop(parts, work, *work.pair->wanted, *column, false);
      }
    }
  }
  for (const SchemaTable* table : parts.pairing.removed) {
    if (!IsInTheWay(parts.pairing, *table)) AddDrop(parts, *table, false);
  }
}

void AddReliefs(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    for (const SchemaColumn* column : work.pair->removed) {
      if (IsInTheWay(*work.pair, *column) || !NeedsValue(*column)) continue;
      const SchemaTable& table = *work.pair->wanted;
      parts.plan.steps.push_back(
          {.name = absl::StrCat("drop-not-null:", work.label, ".", column->name),
           .locks = Moment(kAccessExclusive, table),
           .why = "the contract no longer has the column, so that new rows have no value for it",
           .sql = {absl::StrCat(AlterColumn(table, column->name), " DROP NOT NULL")},
           .schema = table.schema});
    }
  }
  for (const SchemaTable* table : parts.pairing.removed) {
    if (IsInTheWay(parts.pairing, *table)) continue;
    for (const SchemaObject& constraint : table->constraints) {
      if (!RestrictsDeletion(constraint)) continue;
      std::vector<TableLock> locks = Moment(kAccessExclusive, *table);
      AlsoLock(kAccessExclusive, AsForeignKey(constraint)->table, locks);
      parts.plan.steps.push_back(
          {.name =
               absl::StrCat("drop-constraint:", parts.pairing.Label(*table), ".", constraint.name),
           .locks = std::move(locks),
           .why = "the contract no longer has the table, and its rows would keep others from "
                  "being deleted",
           .sql = {absl::StrCat("ALTER TABLE ", TableName(*table), " DROP CONSTRAINT IF EXISTS ",
                                Identifier(constraint.name))},
           .schema = table->schema});
    }
  }
}

}  // namespace dataservice::schema
