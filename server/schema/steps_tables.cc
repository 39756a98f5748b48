#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/ddl.h"
#include "schema/steps.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// A foreign key can be made with its table if what it refers to is there by then.
bool CanBeMade(const SchemaObject& reference, const std::set<std::string>& made) {
  return std::any_of(made.begin(), made.end(), [&](const std::string& table) {
    return absl::StrContains(reference.definition, absl::StrCat(" REFERENCES ", table, " ("));
  });
}

std::vector<std::string> TableRenames(const TablePair& pair) {
  const SchemaTable& from = *pair.actual;
  const SchemaTable& to = *pair.wanted;
  std::vector<std::string> sql;
  SchemaTable now = from;
  if (from.schema != to.schema) {
    sql.push_back(
        absl::StrCat("ALTER TABLE ", TableName(from), " SET SCHEMA ", Identifier(to.schema)));
    now.schema = to.schema;
  }
  if (from.name != to.name) {
    sql.push_back(absl::StrCat("ALTER TABLE ", TableName(now), " RENAME TO ", Identifier(to.name)));
  }
  for (const auto& [old_name, new_name] : RenameSequence(pair.column_names)) {
    sql.push_back(absl::StrCat("ALTER TABLE ", TableName(to), " RENAME COLUMN ",
                               Identifier(old_name), " TO ", Identifier(new_name)));
  }
  return sql;
}

// What the names of tables and columns are part of: names and comments of
// constraints and indexes. In the same transaction, so that the database never
// has one without the other.
void FollowNames(const TableWork& work, bool all_comments, std::vector<std::string>& sql) {
  const SchemaTable& table = *work.pair->wanted;
  std::set<const SchemaObject*> renamed;
  for (const auto& [from, to] : work.constraints.rename) {
    sql.push_back(absl::StrCat("ALTER TABLE ", TableName(table), " RENAME CONSTRAINT ",
                               Identifier(from->name), " TO ", Identifier(to->name)));
    sql.push_back(CommentOnConstraint(table, *to));
    renamed.insert(from);
  }
  for (const auto& [from, to] : work.indexes.rename) {
    sql.push_back(absl::StrCat("ALTER INDEX ", Identifier(table.schema), ".",
                               Identifier(from->name), " RENAME TO ", Identifier(to->name)));
    sql.push_back(CommentOnIndex(table, *to));
  }
  if (!all_comments) return;
  for (const SchemaObject& constraint : work.actual_constraints) {
    if (!constraint.ours || renamed.contains(&constraint)) continue;
    // Unchanged ones need no new comment.
    const SchemaObject* before = FindNamed(work.pair->actual->constraints, constraint.name);
    if (before != nullptr && before->definition == constraint.definition) continue;
    sql.push_back(CommentOnConstraint(table, constraint));
  }
}

void AddDrop(PlanParts& parts, const SchemaTable& table, bool needed) {
  Step step{.name = absl::StrCat("drop-table:", parts.pairing.Label(table)),
            .kind = StepKind::kDestructive,
            .lock = Moment(kAccessExclusive, table),
            .why = needed ? "the contract has another table of this name"
                          : "the contract no longer has it",
            .schema = table.schema,
            .needed = needed};
  for (const SchemaTable& other : parts.actual.tables) {
    for (const SchemaObject& constraint : other.constraints) {
      if (&other == &table || !IsForeignKey(constraint) ||
          !CanBeMade(constraint, {TableName(table)})) {
        continue;
      }
      step.sql.push_back(absl::StrCat("ALTER TABLE IF EXISTS ", TableName(other),
                                      " DROP CONSTRAINT IF EXISTS ", Identifier(constraint.name)));
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
       .lock = Moment(kAccessExclusive, table),
       .why = needed ? "the contract has another column of this name"
                     : "the contract no longer has it; until it is dropped it keeps its values, "
                       "and nobody reads or writes them",
       .sql = {absl::StrCat("ALTER TABLE ", TableName(table), " DROP COLUMN ",
                            Identifier(column.name))},
       .schema = work.pair->wanted->schema,
       .needed = needed});
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

void AddSchemas(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    const SchemaTable& table = *work.pair->wanted;
    if (table.served || !work.IsNew()) continue;
    const std::vector<std::string>& there = parts.actual.schemas;
    const bool exists = std::find(there.begin(), there.end(), table.schema) != there.end();
    Step step{.name = exists ? absl::StrCat("create-table:", work.label)
                             : absl::StrCat("create-schema:", table.schema),
              .lock = "none",
              .schema = table.schema};
    if (!exists) step.sql.push_back(absl::StrCat("CREATE SCHEMA ", Identifier(table.schema)));
    step.sql.push_back(CreateTableStatement(table));
    for (std::string& comment : CommentStatements(table)) step.sql.push_back(std::move(comment));
    parts.plan.steps.push_back(std::move(step));
  }
}

void AddRenames(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    const TablePair& pair = *work.pair;
    Step step{.name = absl::StrCat("rename:", work.label),
              .lock = Moment(kAccessExclusive, *pair.actual),
              .sql = TableRenames(pair),
              .schema = pair.wanted->schema};
    const bool breaks = !step.sql.empty();
    if (breaks) {
      step.kind = StepKind::kBlocking;
      step.why =
          "nobody waits, but servers of the old contract fail on the old name from here on. "
          "To stay online: add a field, write both, copy the values, move readers over, "
          "remove the old field (expand and contract)";
      if (pair.actual->comment != pair.wanted->comment) {
        step.sql.push_back(CommentOnTable(*pair.wanted));
      }
      for (const ColumnPair& column : pair.columns) {
        // Types may change later; who it is stays.
        if (column.actual != nullptr && column.actual->comment != column.wanted->comment &&
            KeepsValues(column) && !JsonLosesNames(column)) {
          step.sql.push_back(CommentOnColumn(*pair.wanted, *column.wanted));
        }
      }
    }
    FollowNames(work, breaks, step.sql);
    if (!step.sql.empty()) parts.plan.steps.push_back(std::move(step));
  }
}

void AddNewTables(PlanParts& parts) {
  std::set<std::string> made;
  for (const TableWork& work : parts.tables) {
    if (!work.IsNew()) made.insert(TableName(*work.pair->wanted));
  }
  std::vector<std::pair<const TableWork*, const SchemaObject*>> later;
  for (const TableWork& work : parts.tables) {
    const SchemaTable& table = *work.pair->wanted;
    if (!work.IsNew() || !table.served) continue;
    made.insert(TableName(table));
    Step step{.name = absl::StrCat("create-table:", work.label),
              .lock = "none",
              .sql = {CreateTableStatement(table)},
              .schema = table.schema};
    for (const SchemaObject& constraint : table.constraints) {
      if (!IsForeignKey(constraint)) continue;
      if (CanBeMade(constraint, made)) {
        step.sql.push_back(AddConstraintStatement(table, constraint));
        step.lock = "SHARE ROW EXCLUSIVE on the tables that it refers to, for a moment";
      } else {
        later.emplace_back(&work, &constraint);
      }
    }
    SchemaTable commented = table;
    std::erase_if(commented.constraints, [&](const SchemaObject& constraint) {
      return IsForeignKey(constraint) && !CanBeMade(constraint, made);
    });
    for (const SchemaObject& index : table.indexes) {
      step.sql.push_back(CreateIndexStatement(table, index, false));
    }
    for (std::string& comment : CommentStatements(commented))
      step.sql.push_back(std::move(comment));
    parts.plan.steps.push_back(std::move(step));
  }
  for (const auto& [work, constraint] : later) {
    AddConstraintSteps(parts, *work, *constraint, nullptr);
  }
}

void AddComments(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    const TablePair& pair = *work.pair;
    const bool renamed = !TableRenames(pair).empty();
    Step step{.name = absl::StrCat("comment:", work.label),
              .lock = Moment(kShareUpdateExclusive, *pair.wanted),
              .schema = pair.wanted->schema};
    if (!renamed && pair.actual->comment != pair.wanted->comment) {
      step.sql.push_back(CommentOnTable(*pair.wanted));
    }
    for (const ColumnPair& column : pair.columns) {
      const bool told = renamed || JsonLosesNames(column);
      if (!told && KeepsValues(column) && column.actual->comment != column.wanted->comment) {
        step.sql.push_back(CommentOnColumn(*pair.wanted, *column.wanted));
      }
    }
    for (const SchemaObject* constraint : work.constraints.comment) {
      step.sql.push_back(CommentOnConstraint(*pair.wanted, *constraint));
    }
    for (const SchemaObject* index : work.indexes.comment) {
      step.sql.push_back(CommentOnIndex(*pair.wanted, *index));
    }
    if (!step.sql.empty()) parts.plan.steps.push_back(std::move(step));
  }
}

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
      if (IsInTheWay(*work.pair, *column) || !column->not_null || !column->default_value.empty()) {
        continue;
      }
      const SchemaTable& table = *work.pair->wanted;
      parts.plan.steps.push_back(
          {.name = absl::StrCat("drop-not-null:", work.label, ".", column->name),
           .lock = Moment(kAccessExclusive, table),
           .why = "the contract no longer has the column, so that new rows have no value for it",
           .sql = {absl::StrCat(AlterColumn(table, column->name), " DROP NOT NULL")},
           .schema = table.schema});
    }
  }
  for (const SchemaTable* table : parts.pairing.removed) {
    if (IsInTheWay(parts.pairing, *table)) continue;
    for (const SchemaObject& constraint : table->constraints) {
      if (!constraint.ours || !IsForeignKey(constraint) ||
          !absl::EndsWith(constraint.definition, "RESTRICT")) {
        continue;
      }
      parts.plan.steps.push_back(
          {.name =
               absl::StrCat("drop-constraint:", parts.pairing.Label(*table), ".", constraint.name),
           .lock = Moment(kAccessExclusive, *table),
           .why = "the contract no longer has the table, and its rows would keep others from "
                  "being deleted",
           .sql = {absl::StrCat("ALTER TABLE ", TableName(*table), " DROP CONSTRAINT IF EXISTS ",
                                Identifier(constraint.name))},
           .schema = table->schema});
    }
  }
}

}  // namespace dataservice
