#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/fits.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

Step DropConstraint(const TableWork& work, const SchemaObject& constraint, std::string why) {
  const SchemaTable& table = *work.pair->wanted;
  std::vector<TableLock> locks = Moment(kAccessExclusive, table);
  if (const ForeignKey* key = AsForeignKey(constraint)) {
    AlsoLock(kAccessExclusive, key->table, locks);
  }
  return {.name = absl::StrCat("drop-constraint:", work.label, ".", constraint.name),
          .locks = std::move(locks),
          .why = std::move(why),
          .sql = {absl::StrCat("ALTER TABLE ", TableName(table), " DROP CONSTRAINT IF EXISTS ",
                               Identifier(constraint.name))},
          .schema = table.schema};
}

std::string DropIndexStatement(const SchemaTable& table, const SchemaObject& index) {
  return absl::StrCat("DROP INDEX CONCURRENTLY IF EXISTS ", Identifier(table.schema), ".",
                      Identifier(index.name));
}

Step DropIndex(const TableWork& work, const SchemaObject& index) {
  const SchemaTable& table = *work.pair->wanted;
  return {.name = absl::StrCat("drop-index:", work.label, ".", index.name),
          .locks = Whole(kShareUpdateExclusive, table),
          .why = index.leftover
                     ? "REINDEX CONCURRENTLY left it: it is not valid, no query uses it, "
                       "and each write costs more for it"
                 : index.valid ? ""
                               : "its making failed half-way",
          .sql = {DropIndexStatement(table, index)},
          .alone = true,
          .schema = table.schema};
}

}  // namespace

void AddEarlyObjectDrops(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    for (const SchemaObject* constraint : work.constraints.drop) {
      if (IsPrimaryKey(*constraint)) continue;  // told of by AddConstraints
      parts.plan.steps.push_back(
          DropConstraint(work, *constraint, "the contract no longer has it"));
    }
    for (const SchemaObject* constraint : work.unlink) {
      parts.plan.steps.push_back(
          DropConstraint(work, *constraint, "until the types of both sides have changed"));
    }
    for (const SchemaObject* index : work.leftovers) {
      parts.plan.steps.push_back(DropIndex(work, *index));
    }
    for (const auto& [index, wanted] : work.indexes.replace) {
      if (index->of_constraint) {
        parts.plan.refusals.push_back(absl::StrCat(TableName(*work.pair->wanted),
                                                   ": its constraint ", index->name,
                                                   " is not the contract's ", DefinitionText(*wanted),
                                                   ", and has its name; rename it, or drop it"));
        continue;
      }
      parts.plan.steps.push_back(DropIndex(work, *index));
    }
    for (const SchemaObject* index : work.indexes.complete) {
      parts.plan.steps.push_back(DropIndex(work, *FindNamed(work.actual_indexes, index->name)));
    }
  }
}

void AddValidation(PlanParts& parts, const TableWork& work, const SchemaObject& constraint) {
  const SchemaTable& table = *work.pair->wanted;
  std::vector<TableLock> locks = Whole(kShareUpdateExclusive, table);
  if (const ForeignKey* key = AsForeignKey(constraint)) AlsoLock(kRowShare, key->table, locks);
  parts.plan.steps.push_back(
      {.name = absl::StrCat("validate-constraint:", work.label, ".", constraint.name),
       .locks = std::move(locks),
       .sql = {absl::StrCat("ALTER TABLE ", TableName(table), " VALIDATE CONSTRAINT ",
                            Identifier(constraint.name))},
       .fits = {FitOfConstraint(parts.pairing, *work.pair, constraint)},
       .schema = table.schema});
}

void AddConstraintSteps(PlanParts& parts, const TableWork& work, const SchemaObject& constraint,
                        const SchemaObject* instead_of) {
  const SchemaTable& table = *work.pair->wanted;
  Step step{.name = absl::StrCat(instead_of == nullptr ? "add-constraint:" : "replace-constraint:",
                                 work.label, ".", constraint.name),
            .schema = table.schema};
  if (instead_of != nullptr) {
    step.sql.push_back(absl::StrCat("ALTER TABLE ", TableName(table), " DROP CONSTRAINT ",
                                    Identifier(instead_of->name)));
  }
  const bool key = IsPrimaryKey(constraint);
  const ForeignKey* reference = AsForeignKey(constraint);
  step.sql.push_back(
      absl::StrCat(AddConstraintStatement(table, constraint), key ? "" : " NOT VALID"));
  step.sql.push_back(CommentOnConstraint(table, constraint));
  step.locks = key                                  ? Whole(kAccessExclusive, table)
               : reference != nullptr && instead_of == nullptr ? Moment(kShareRowExclusive, table)
                                                    : Moment(kAccessExclusive, table);
  const ForeignKey* former = instead_of == nullptr ? nullptr : AsForeignKey(*instead_of);
  if (former != nullptr) AlsoLock(kAccessExclusive, former->table, step.locks);
  if (reference != nullptr) AlsoLock(kShareRowExclusive, reference->table, step.locks);
  if (key) {
    step.kind = StepKind::kBlocking;
    step.why = "makes an index under the lock: nobody reads or writes the table meanwhile";
  }
  const bool filled = work.pair->actual != nullptr;
  if (filled) step.fits.push_back(FitOfConstraint(parts.pairing, *work.pair, constraint));
  if (filled) MarkStricter(parts, work, constraint, instead_of, step);
  const std::string permission = step.permission;
  const bool needed = step.needed;
  parts.plan.steps.push_back(std::move(step));
  if (key) return;
  if (filled) {
    AddValidation(parts, work, constraint);
    parts.plan.steps.back().fits.clear();  // counted once
    parts.plan.steps.back().permission = permission;
    parts.plan.steps.back().needed = needed;
  } else {
    // A table that was made a moment ago.
    std::string& statement = parts.plan.steps.back().sql.front();
    statement = AddConstraintStatement(table, constraint);
  }
}

void AddConstraints(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    for (const auto& [from, to] : work.constraints.replace) {
      if (IsPrimaryKey(*from) || IsPrimaryKey(*to)) {
        parts.plan.refusals.push_back(absl::StrCat(
            TableName(*work.pair->wanted), ": its ", DefinitionText(*from), " cannot become ",
            DefinitionText(*to), "; make a new resource, and move the rows over"));
        continue;
      }
      AddConstraintSteps(parts, work, *to, from);
    }
    for (const SchemaObject* constraint : work.constraints.add) {
      AddConstraintSteps(parts, work, *constraint, nullptr);
    }
  }
}

void AddIndexes(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    const SchemaTable& table = *work.pair->wanted;
    std::vector<const SchemaObject*> made = work.indexes.add;
    for (const auto& [from, to] : work.indexes.replace) made.push_back(to);
    made.insert(made.end(), work.indexes.complete.begin(), work.indexes.complete.end());
    for (const SchemaObject* index : made) {
      Step step{.name = absl::StrCat("create-index:", work.label, ".", index->name),
                .locks = Whole(kShareUpdateExclusive, table),
                .sql = {CreateIndexStatement(table, *index, true), CommentOnIndex(table, *index)},
                .alone = true,
                .index = absl::StrCat(Identifier(table.schema), ".", Identifier(index->name)),
                .table = TableName(table),
                .schema = table.schema};
      if (IsUniqueIndex(*index)) {
        step.fits.push_back(FitOfUnique(*work.pair, ColumnsOf(*index)));
        // One that was begun refuses rows already.
        if (FindNamed(work.actual_indexes, index->name) == nullptr) {
          MarkUnique(parts, work, *index, step);
        }
      }
      parts.plan.steps.push_back(std::move(step));
    }
  }
}

void AddValidations(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    for (const SchemaObject* constraint : work.constraints.complete) {
      AddValidation(parts, work, *constraint);
    }
  }
}

void AddLateIndexDrops(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    for (const SchemaObject* index : work.indexes.drop) {
      parts.plan.steps.push_back(DropIndex(work, *index));
    }
  }
}

}  // namespace dataservice::schema
