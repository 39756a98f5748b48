#include <set>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

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

// Renames constraints and indexes whose names contain those of tables and columns, and updates
// their comments. These statements are in the same transaction as the renames of tables and
// columns.
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
    sql.push_back(absl::StrCat("ALTER INDEX ", QualifiedName(table.schema, from->name),
                               " RENAME TO ", Identifier(to->name)));
    sql.push_back(CommentOnIndex(table, *to));
  }
  if (!all_comments) return;
  for (const SchemaObject& constraint : work.actual_constraints) {
    if (!constraint.ours || renamed.contains(&constraint)) continue;
    // An unchanged constraint needs no new comment.
    const SchemaObject* before = FindNamed(work.pair->actual->constraints, constraint.name);
    if (before != nullptr && SameDefinition(*before, constraint)) continue;
    sql.push_back(CommentOnConstraint(table, constraint));
  }
}

}  // namespace

std::vector<Step> SchemaSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    const SchemaTable& table = *work.pair->wanted;
    if (table.served || !work.IsNew()) continue;
    const bool exists = Contains(context.actual.schemas, table.schema);
    Step step{.name = exists ? absl::StrCat("create-table:", work.label)
                             : absl::StrCat("create-schema:", table.schema),
              .schema = table.schema};
    if (!exists) step.sql.push_back(absl::StrCat("CREATE SCHEMA ", Identifier(table.schema)));
    step.sql.push_back(CreateTableStatement(table));
    for (std::string& comment : CommentStatements(table)) step.sql.push_back(std::move(comment));
    steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<Step> RenameSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) continue;
    const TablePair& pair = *work.pair;
    Step step{.name = absl::StrCat("rename:", work.label),
              .locks = BriefLock(kAccessExclusive, *pair.actual),
              .sql = TableRenames(pair),
              .schema = pair.wanted->schema};
    const bool breaks = !step.sql.empty();
    if (breaks) {
      MarkBreak(context, work, true, step);
      step.why =
          "servers of the old contract fail on the old name from here on. "
          "To stay online: add a field, write both, copy the values, move readers over, "
          "remove the old field (expand and contract)";
      if (pair.actual->comment != pair.wanted->comment) {
        step.sql.push_back(CommentOnTable(*pair.wanted));
      }
      for (const ColumnPair& column : pair.columns) {
        // The comment of a column that a later step changes is set there.
        if (column.actual != nullptr && column.actual->comment != column.wanted->comment &&
            KeepsValues(column) && !JsonLosesNames(column)) {
          step.sql.push_back(CommentOnColumn(*pair.wanted, *column.wanted));
        }
      }
    }
    FollowNames(work, breaks, step.sql);
    if (!step.sql.empty()) steps.push_back(std::move(step));
  }
  return steps;
}

std::vector<Step> NewTableSteps(const PlanContext& context) {
  std::vector<Step> steps;
  std::set<std::string> made;
  for (const TableWork& work : context.tables) {
    if (!work.IsNew()) made.insert(TableName(*work.pair->wanted));
  }
  std::vector<std::pair<const TableWork*, const SchemaObject*>> later;
  for (const TableWork& work : context.tables) {
    const SchemaTable& table = *work.pair->wanted;
    if (!work.IsNew() || !table.served) continue;
    made.insert(TableName(table));
    Step step{.name = absl::StrCat("create-table:", work.label),
              .why = NoteOfNewTable(context, table),
              .sql = {CreateTableStatement(table)},
              .schema = table.schema};
    for (const SchemaObject& constraint : table.constraints) {
      const ForeignKey* key = AsForeignKey(constraint);
      if (key == nullptr) continue;
      if (RefersTo(constraint, made)) {
        step.sql.push_back(AddConstraintStatement(table, constraint));
        if (key->table != TableName(table)) {
          AddLock(kShareRowExclusive, key->table, step.locks);
        }
      } else {
        later.emplace_back(&work, &constraint);
      }
    }
    SchemaTable commented = table;
    std::erase_if(commented.constraints, [&](const SchemaObject& constraint) {
      return AsForeignKey(constraint) != nullptr && !RefersTo(constraint, made);
    });
    for (const SchemaObject& index : table.indexes) {
      step.sql.push_back(CreateIndexStatement(table, index, false));
    }
    for (std::string& comment : CommentStatements(commented))
      step.sql.push_back(std::move(comment));
    steps.push_back(std::move(step));
  }
  for (const auto& [work, constraint] : later) {
    steps.push_back(AddNotValid(*work, *constraint, nullptr));
  }
  return steps;
}

std::vector<Step> CommentSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) continue;
    const TablePair& pair = *work.pair;
    const bool renamed = !TableRenames(pair).empty();
    Step step{.name = absl::StrCat("comment:", work.label),
              .locks = BriefLock(kShareUpdateExclusive, *pair.wanted),
              .schema = pair.wanted->schema};
    if (!renamed && !pair.foreign && pair.actual->comment != pair.wanted->comment) {
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
    if (!step.sql.empty()) steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace dataservice::schema
