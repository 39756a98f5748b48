#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/steps.h"
#include "schema/plan/type_change.h"
#include "schema/plan/violation_queries.h"

namespace dataservice::schema {
namespace {

bool IsText(const std::string& type) { return type == "text" || type.starts_with("varchar"); }

// Drops the column and adds it again, without its values.
Step Recreate(const TableWork& work, const ColumnPair& column) {
  const SchemaTable& table = *work.pair->wanted;
  SchemaColumn added = *column.wanted;
  if (BecomesNotNull(column)) added.not_null = false;
  return {.name = absl::StrCat("change-type:", work.label, ".", column.wanted->name),
          .kind = StepKind::kDestructive,
          .locks = BriefLock(kAccessExclusive, table),
          .why = absl::StrCat("the tool does not convert ", column.actual->type, " to ",
                              column.wanted->type,
                              ": the column is dropped and added again. To keep the values, add a "
                              "field under a new number, copy them, and remove this one"),
          .sql = {absl::StrCat("ALTER TABLE ", TableName(table), " DROP COLUMN ",
                               Identifier(column.wanted->name), ", ADD COLUMN ",
                               ColumnDefinition(added)),
                  CommentOnColumn(table, *column.wanted)},
          .schema = table.schema,
          .needed = true,
          .uses = {{ColumnUse::Change::kDrop, TableName(*work.pair->actual), column.actual->name}}};
}

// PostgreSQL recreates the foreign keys over a column when its type changes.
void LockReferences(const PlanContext& context, const TableWork& work, const ColumnPair& column,
                    std::vector<TableLock>& locks) {
  const std::string table = TableName(*work.pair->wanted);
  for (const TableWork& other : context.tables) {
    for (const SchemaObject& constraint : other.actual_constraints) {
      const ForeignKey* key = AsForeignKey(constraint);
      if (key == nullptr) continue;
      if (&other == &work && Contains(key->columns, column.wanted->name)) {
        AddLock(kAccessExclusive, key->table, locks);
      }
      if (key->table == table && Contains(key->referenced, column.wanted->name)) {
        AddLock(kAccessExclusive, TableName(*other.pair->wanted), locks);
      }
    }
  }
}

// Servers that expect the old type may be unable to read the new one, or write values that it
// cannot represent.
void MarkRetype(const PlanContext& context, const TableWork& work, const ColumnPair& column,
                Step& step) {
  const std::string& from = column.actual->type;
  const std::string& to = column.wanted->type;
  if (from == to || IsWidened(from, to)) return;
  MarkWrites(context, work, !IsWidened(to, from), step);
}

// The CHECKs of the contract over the column that exist and do not change.
std::vector<const SchemaObject*> ChecksOver(const TableWork& work, const ColumnPair& column) {
  std::vector<const SchemaObject*> out;
  for (const SchemaObject& wanted : work.pair->wanted->constraints) {
    const SchemaObject* actual = FindNamed(work.actual_constraints, wanted.name);
    if (actual != nullptr && SameDefinition(*actual, wanted) && actual->valid && IsCheck(wanted) &&
        Contains(ColumnsOf(wanted), column.wanted->name)) {
      out.push_back(&wanted);
    }
  }
  return out;
}

// PostgreSQL checks every row again, under the lock, for the CHECKs over a column whose type
// changes. So the statements `sql` of the change drop these CHECKs first and add them NOT VALID;
// later steps validate them.
void RecreateChecks(const TableWork& work, const std::vector<const SchemaObject*>& checks,
                    std::vector<std::string>& sql) {
  const SchemaTable& table = *work.pair->wanted;
  std::vector<std::string> drops;
  for (const SchemaObject* check : checks) {
    drops.push_back(DropConstraintStatement(table, *check, /*if_exists=*/false));
    sql.push_back(absl::StrCat(AddConstraintStatement(table, *check), " NOT VALID"));
    sql.push_back(CommentOnConstraint(table, *check));
  }
  sql.insert(sql.begin(), drops.begin(), drops.end());
}

// The step that changes a type, and those that validate the CHECKs over the column again.
std::vector<Step> ChangeType(const PlanContext& context, const TableWork& work,
                             const ColumnPair& column) {
  const SchemaTable& table = *work.pair->wanted;
  const SchemaColumn& wanted = *column.wanted;
  const std::string name = Identifier(wanted.name);
  const bool same_type = column.actual->type == wanted.type;
  TypeChange change;
  if (same_type) {
    change.value = name;
  } else {
    change = *ChangeOfType(column.actual->type, wanted.type, name);
  }
  Step step{
      .name = absl::StrCat("change-type:", work.label, ".", wanted.name),
      .schema = table.schema,
      .uses = {{ColumnUse::Change::kRetype, TableName(*work.pair->actual), column.actual->name}}};
  const bool online = change.online && column.actual->collation == wanted.collation;
  if (online) {
    step.locks = BriefLock(kAccessExclusive, table);
  } else {
    step.kind = StepKind::kBlocking;
    step.locks = LockUntilDone(kAccessExclusive, table);
    step.why = absl::StrCat(
        same_type || change.online ? "checks or rebuilds what depends on the order of the texts"
                                   : "rewrites or reads the whole table",
        ": nobody reads or writes it meanwhile. To stay online: add a field of the new type, "
        "write both, copy the values in batches, move readers over, remove this field (expand "
        "and contract)");
  }
  LockReferences(context, work, column, step.locks);
  MarkRetype(context, work, column, step);
  // A default of the old type may have no cast to the new one.
  if (!column.actual->default_value.empty()) {
    step.sql.push_back(absl::StrCat(AlterColumn(table, wanted.name), " DROP DEFAULT"));
  }
  step.sql.push_back(absl::StrCat(
      AlterColumn(table, wanted.name), " TYPE ", wanted.type,
      wanted.collation.empty() ? "" : absl::StrCat(" COLLATE \"", wanted.collation, "\""),
      // Without USING, PostgreSQL refuses a text that is too long; a cast would cut it.
      same_type || IsText(wanted.type) ? "" : absl::StrCat(" USING ", change.value)));
  if (!wanted.default_value.empty()) {
    step.sql.push_back(
        absl::StrCat(AlterColumn(table, wanted.name), " SET DEFAULT ", wanted.default_value));
  }
  if (column.actual->comment != wanted.comment) {
    step.sql.push_back(CommentOnColumn(table, wanted));
  }
  if (!change.convertible.empty()) {
    step.table = TableName(table);
    step.guard =
        absl::StrCat("SELECT count(*) FROM ", step.table, " WHERE NOT (", change.convertible, ")");
    const auto before =
        ChangeOfType(column.actual->type, wanted.type, Identifier(column.actual->name));
    step.violation_queries.push_back(TypeViolations(*work.pair, column, *before));
  }
  std::vector<const SchemaObject*> checks;
  if (online) checks = ChecksOver(work, column);
  RecreateChecks(work, checks, step.sql);
  std::vector<Step> steps;
  steps.push_back(std::move(step));
  // The rows satisfy these checks already, so that none is counted.
  for (const SchemaObject* check : checks) steps.push_back(Validation(work, *check));
  return steps;
}

}  // namespace

std::vector<Step> TypeChangeSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) continue;
    for (const ColumnPair& column : work.pair->columns) {
      if (!ChangesTypeOrOrder(column) || IsUnconvertibleKey(*work.pair, column)) continue;
      if (KeepsValues(column)) {
        Append(ChangeType(context, work, column), steps);
      } else {
        steps.push_back(Recreate(work, column));
      }
    }
  }
  return steps;
}

}  // namespace dataservice::schema
