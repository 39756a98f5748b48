#include <utility>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/steps.h"
#include "schema/plan/violation_queries.h"

namespace dataservice::schema {

Step DropConstraint(const SchemaTable& table, const std::string& label,
                    const SchemaObject& constraint, std::string why) {
  std::vector<TableLock> locks = BriefLock(kAccessExclusive, table);
  if (const ForeignKey* key = AsForeignKey(constraint)) {
    AddLock(kAccessExclusive, key->table, locks);
  }
  return {.name = absl::StrCat("drop-constraint:", label, ".", constraint.name),
          .locks = std::move(locks),
          .why = std::move(why),
          .sql = {DropConstraintStatement(table, constraint, /*if_exists=*/true)},
          .schema = table.schema};
}

namespace {

std::string DropIndexStatement(const SchemaTable& table, const SchemaObject& index) {
  return absl::StrCat("DROP INDEX CONCURRENTLY IF EXISTS ",
                      QualifiedName(table.schema, index.name));
}

Step DropIndex(const TableWork& work, const SchemaObject& index) {
  const SchemaTable& table = *work.pair->wanted;
  return {.name = absl::StrCat("drop-index:", work.label, ".", index.name),
          .locks = LockUntilDone(kShareUpdateExclusive, table),
          .why = index.leftover
                     ? "REINDEX CONCURRENTLY left it: it is not valid, no query uses it, "
                       "and each write costs more for it"
                 : index.valid ? ""
                               : "its making failed half-way",
          .sql = {DropIndexStatement(table, index)},
          .alone = true,
          .schema = table.schema};
}

Step CreateIndex(const PlanContext& context, const TableWork& work, const SchemaObject& index) {
  const SchemaTable& table = *work.pair->wanted;
  Step step{.name = absl::StrCat("create-index:", work.label, ".", index.name),
            .locks = LockUntilDone(kShareUpdateExclusive, table),
            .sql = {CreateIndexStatement(table, index, true), CommentOnIndex(table, index)},
            .alone = true,
            .index = QualifiedName(table.schema, index.name),
            .table = TableName(table),
            .schema = table.schema};
  if (!IsUniqueIndex(index)) return step;
  step.violation_queries = {UniqueViolations(*work.pair, ColumnsOf(index))};
  // An unfinished index of this name refuses rows already.
  if (FindNamed(work.actual_indexes, index.name) == nullptr) {
    MarkUnique(context, work, index, step);
  }
  return step;
}

// The steps that add one constraint to a table with rows, or replace `instead_of` by it.
std::vector<Step> StepsOf(const PlanContext& context, const TableWork& work,
                          const SchemaObject& constraint, const SchemaObject* instead_of) {
  Step step = AddNotValid(work, constraint, instead_of);
  step.violation_queries = {ConstraintViolations(context.pairing, *work.pair, constraint)};
  if (IsPrimaryKey(constraint)) {
    step.kind = StepKind::kBlocking;
    step.locks = LockUntilDone(kAccessExclusive, *work.pair->wanted);
    step.why = "makes an index under the lock: nobody reads or writes the table meanwhile";
    return {std::move(step)};
  }
  MarkStricter(context, work, constraint, instead_of, step);
  Step validation = Validation(work, constraint);
  SharePermission(step, validation);
  return {std::move(step), std::move(validation)};
}

}  // namespace

std::vector<Step> EarlyObjectDropSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) continue;
    for (const SchemaObject* constraint : work.constraints.drop) {
      if (IsPrimaryKey(*constraint)) continue;  // a refusal
      steps.push_back(DropConstraint(*work.pair->wanted, work.label, *constraint,
                                     "the contract no longer has it"));
    }
    for (const SchemaObject* constraint : work.unlink) {
      steps.push_back(DropConstraint(*work.pair->wanted, work.label, *constraint,
                                     "until the types of both sides have changed"));
    }
    for (const SchemaObject* index : work.leftovers) steps.push_back(DropIndex(work, *index));
    for (const auto& [index, wanted] : work.indexes.replace) {
      if (!index->of_constraint) steps.push_back(DropIndex(work, *index));
    }
    for (const SchemaObject* index : work.indexes.complete) {
      steps.push_back(DropIndex(work, *FindNamed(work.actual_indexes, index->name)));
    }
  }
  return steps;
}

Step Validation(const TableWork& work, const SchemaObject& constraint) {
  const SchemaTable& table = *work.pair->wanted;
  std::vector<TableLock> locks = LockUntilDone(kShareUpdateExclusive, table);
  if (const ForeignKey* key = AsForeignKey(constraint)) AddLock(kRowShare, key->table, locks);
  return {.name = absl::StrCat("validate-constraint:", work.label, ".", constraint.name),
          .locks = std::move(locks),
          .sql = {absl::StrCat("ALTER TABLE ", TableName(table), " VALIDATE CONSTRAINT ",
                               Identifier(constraint.name))},
          .schema = table.schema};
}

Step AddNotValid(const TableWork& work, const SchemaObject& constraint,
                 const SchemaObject* instead_of) {
  const SchemaTable& table = *work.pair->wanted;
  const bool validated = IsPrimaryKey(constraint) || work.IsNew();
  const ForeignKey* key = AsForeignKey(constraint);
  const ForeignKey* former = instead_of == nullptr ? nullptr : AsForeignKey(*instead_of);
  Step step{.name = absl::StrCat(instead_of == nullptr ? "add-constraint:" : "replace-constraint:",
                                 work.label, ".", constraint.name),
            .schema = table.schema};
  if (instead_of != nullptr) {
    step.sql.push_back(DropConstraintStatement(table, *instead_of, /*if_exists=*/false));
  }
  step.sql.push_back(
      absl::StrCat(AddConstraintStatement(table, constraint), validated ? "" : " NOT VALID"));
  step.sql.push_back(CommentOnConstraint(table, constraint));
  step.locks = BriefLock(
      key != nullptr && instead_of == nullptr ? kShareRowExclusive : kAccessExclusive, table);
  if (former != nullptr) AddLock(kAccessExclusive, former->table, step.locks);
  if (key != nullptr) AddLock(kShareRowExclusive, key->table, step.locks);
  return step;
}

std::vector<Step> ConstraintSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) continue;
    for (const auto& [from, to] : work.constraints.replace) {
      if (IsPrimaryKey(*from) || IsPrimaryKey(*to)) continue;  // a refusal
      Append(StepsOf(context, work, *to, from), steps);
    }
    for (const SchemaObject* constraint : work.constraints.add) {
      Append(StepsOf(context, work, *constraint, nullptr), steps);
    }
  }
  return steps;
}

std::vector<Step> IndexSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) continue;
    std::vector<const SchemaObject*> created = work.indexes.add;
    for (const auto& [from, to] : work.indexes.replace) created.push_back(to);
    created.insert(created.end(), work.indexes.complete.begin(), work.indexes.complete.end());
    for (const SchemaObject* index : created) steps.push_back(CreateIndex(context, work, *index));
  }
  return steps;
}

std::vector<Step> ValidationSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    for (const SchemaObject* constraint : work.constraints.complete) {
      steps.push_back(Validation(work, *constraint));
      steps.back().violation_queries = {
          ConstraintViolations(context.pairing, *work.pair, *constraint)};
    }
  }
  return steps;
}

std::vector<Step> LateIndexDropSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    for (const SchemaObject* index : work.indexes.drop) steps.push_back(DropIndex(work, *index));
  }
  return steps;
}

}  // namespace dataservice::schema
