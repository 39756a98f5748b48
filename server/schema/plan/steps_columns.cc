#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/model/defaults.h"
#include "schema/model/identity.h"
#include "schema/plan/fits.h"
#include "schema/plan/steps.h"
#include "schema/plan/type_change.h"

namespace dataservice::schema {
namespace {

bool ChangesTypeOrOrder(const ColumnPair& column) {
  return column.actual != nullptr && (column.actual->type != column.wanted->type ||
                                      column.actual->collation != column.wanted->collation);
}

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::count(names.begin(), names.end(), name) > 0;
}

bool IsText(const std::string& type) { return type == "text" || type.starts_with("varchar"); }

// Drops the column and adds it again, without its values.
Step Remake(const TableWork& work, const ColumnPair& column) {
  const SchemaTable& table = *work.pair->wanted;
  SchemaColumn added = *column.wanted;
  if (BecomesNotNull(column)) added.not_null = false;
  return {.name = absl::StrCat("change-type:", work.label, ".", column.wanted->name),
          .kind = StepKind::kDestructive,
          .locks = Moment(kAccessExclusive, table),
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

// PostgreSQL makes the foreign keys over a column anew when its type changes.
void LockReferences(const PlanParts& parts, const TableWork& work, const ColumnPair& column,
                    std::vector<TableLock>& locks) {
  const std::string table = TableName(*work.pair->wanted);
  for (const TableWork& other : parts.tables) {
    for (const SchemaObject& constraint : other.actual_constraints) {
      const ForeignKey* key = AsForeignKey(constraint);
      if (key == nullptr) continue;
      if (&other == &work && Contains(key->columns, column.wanted->name)) {
        AlsoLock(kAccessExclusive, key->table, locks);
      }
      if (key->table == table && Contains(key->referenced, column.wanted->name)) {
        AlsoLock(kAccessExclusive, TableName(*other.pair->wanted), locks);
      }
    }
  }
}

// Servers that know the old type cannot use the new one, or write values that it does not have.
void MarkRetype(const PlanParts& parts, const TableWork& work, const ColumnPair& column,
                Step& step) {
  const std::string& from = column.actual->type;
  const std::string& to = column.wanted->type;
  if (from == to || IsWidened(from, to)) return;
  MarkWrites(parts, work, !IsWidened(to, from), step);
}

Step Retype(const PlanParts& parts, const TableWork& work, const ColumnPair& column) {
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
    step.locks = Moment(kAccessExclusive, table);
  } else {
    step.kind = StepKind::kBlocking;
    step.locks = Whole(kAccessExclusive, table);
    step.why = absl::StrCat(
        same_type || change.online ? "checks or rebuilds what depends on the order of the texts"
                                   : "rewrites or reads the whole table",
        ": nobody reads or writes it meanwhile. To stay online: add a field of the new type, "
        "write both, copy the values in batches, move readers over, remove this field (expand "
        "and contract)");
  }
  LockReferences(parts, work, column, step.locks);
  MarkRetype(parts, work, column, step);
  // A default of the old type may have no cast to the new one.
  if (!column.actual->default_value.empty()) {
    step.sql.push_back(absl::StrCat(AlterColumn(table, wanted.name), " DROP DEFAULT"));
  }
  step.sql.push_back(absl::StrCat(
      AlterColumn(table, wanted.name), " TYPE ", wanted.type,
      wanted.collation.empty() ? "" : absl::StrCat(" COLLATE \"", wanted.collation, "\""),
      // Without USING PostgreSQL refuses a text that is too long; a cast cuts it.
      same_type || IsText(wanted.type) ? "" : absl::StrCat(" USING ", change.value)));
  if (!wanted.default_value.empty()) {
    step.sql.push_back(
        absl::StrCat(AlterColumn(table, wanted.name), " SET DEFAULT ", wanted.default_value));
  }
  if (column.actual->comment != wanted.comment) {
    step.sql.push_back(CommentOnColumn(table, wanted));
  }
  if (!change.fits.empty()) {
    step.table = TableName(table);
    step.guard =
        absl::StrCat("SELECT count(*) FROM ", step.table, " WHERE NOT (", change.fits, ")");
    const auto before =
        ChangeOfType(column.actual->type, wanted.type, Identifier(column.actual->name));
    step.fits.push_back(FitOfType(*work.pair, column, before->fits, before->misfit));
  }
  return step;
}

// The CHECKs of the contract over the column that are there and stay.
std::vector<const SchemaObject*> ChecksOver(const TableWork& work, const ColumnPair& column) {
  std::vector<const SchemaObject*> out;
  for (const SchemaObject& wanted : work.pair->wanted->constraints) {
    const SchemaObject* actual = FindNamed(work.actual_constraints, wanted.name);
    if (actual != nullptr && SameDefinition(*actual, wanted) && actual->valid &&
        IsCheck(wanted) && Contains(ColumnsOf(wanted), column.wanted->name)) {
      out.push_back(&wanted);
    }
  }
  return out;
}

// PostgreSQL looks at every row again for the CHECKs over a column whose type changes,
// under the lock: so they are made anew in the step, and validated after it.
void SetChecksAside(const TableWork& work, const std::vector<const SchemaObject*>& checks,
                    Step& step) {
  const SchemaTable& table = *work.pair->wanted;
  std::vector<std::string> drops;
  for (const SchemaObject* check : checks) {
    drops.push_back(absl::StrCat("ALTER TABLE ", TableName(table), " DROP CONSTRAINT ",
                                 Identifier(check->name)));
    step.sql.push_back(absl::StrCat(AddConstraintStatement(table, *check), " NOT VALID"));
    step.sql.push_back(CommentOnConstraint(table, *check));
  }
  step.sql.insert(step.sql.begin(), drops.begin(), drops.end());
}

}  // namespace

std::string AlterColumn(const SchemaTable& table, std::string_view column) {
  return absl::StrCat("ALTER TABLE ", TableName(table), " ALTER COLUMN ", Identifier(column));
}

void AddTypeChanges(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    for (const ColumnPair& column : work.pair->columns) {
      if (!ChangesTypeOrOrder(column)) continue;
      if (KeepsValues(column)) {
        Step step = Retype(parts, work, column);
        const std::vector<const SchemaObject*> checks = ChecksOver(work, column);
        if (step.kind == StepKind::kOnline) SetChecksAside(work, checks, step);
        const bool online = step.kind == StepKind::kOnline;
        parts.plan.steps.push_back(std::move(step));
        if (!online) continue;
        for (const SchemaObject* check : checks) {
          AddValidation(parts, work, *check);
          parts.plan.steps.back().fits.clear();  // its rows obey it already
        }
        continue;
      }
      const bool key = std::any_of(
          work.pair->wanted->constraints.begin(), work.pair->wanted->constraints.end(),
          [&](const SchemaObject& constraint) {
            return IsPrimaryKey(constraint) && ColumnsOf(constraint).front() == column.wanted->name;
          });
      if (key) {
        parts.plan.refusals.push_back(
            absl::StrCat(TableName(*work.pair->wanted), ": its key ", column.wanted->name,
                         " cannot change from ", column.actual->type, " to ", column.wanted->type,
                         "; make a new resource, and move the rows over"));
        continue;
      }
      parts.plan.steps.push_back(Remake(work, column));
    }
  }
}

void AddNewColumns(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    const SchemaTable& table = *work.pair->wanted;
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.actual != nullptr) continue;
      const SchemaColumn& column = *pair.wanted;
      Step step{.name = absl::StrCat("add-column:", work.label, ".", column.name),
                .locks = Moment(kAccessExclusive, table),
                .schema = table.schema};
      SchemaColumn added = column;
      // A default that is another for each row would rewrite the table.
      added.default_value = StableDefault(column.default_value);
      if (BecomesNotNull(pair)) added.not_null = false;
      step.sql.push_back(
          absl::StrCat("ALTER TABLE ", TableName(table), " ADD COLUMN ", ColumnDefinition(added)));
      if (added.default_value != column.default_value) {
        step.sql.push_back(
            absl::StrCat(AlterColumn(table, column.name), " SET DEFAULT ", column.default_value));
      }
      step.sql.push_back(CommentOnColumn(table, column));
      parts.plan.steps.push_back(std::move(step));
    }
  }
}

void AddDefaults(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) continue;
    const SchemaTable& table = *work.pair->wanted;
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.actual == nullptr || ChangesTypeOrOrder(pair)) continue;
      const std::string alter = AlterColumn(table, pair.wanted->name);
      std::vector<std::string> sql;
      if (!SameDefault(pair.wanted->default_value, pair.actual->default_value)) {
        sql.push_back(pair.wanted->default_value.empty()
                          ? absl::StrCat(alter, " DROP DEFAULT")
                          : absl::StrCat(alter, " SET DEFAULT ", pair.wanted->default_value));
        parts.plan.steps.push_back(
            {.name = absl::StrCat("set-default:", work.label, ".", pair.wanted->name),
             .locks = Moment(kAccessExclusive, table),
             .sql = std::move(sql),
             .schema = table.schema,
             .uses = {
                 {ColumnUse::Change::kDefault, TableName(*work.pair->actual), pair.actual->name}}});
      }
    }
    for (const ColumnPair& pair : work.pair->columns) {
      if (!KeepsValues(pair) || pair.wanted->not_null || !pair.actual->not_null) continue;
      parts.plan.steps.push_back(
          {.name = absl::StrCat("drop-not-null:", work.label, ".", pair.wanted->name),
           .locks = Moment(kAccessExclusive, table),
           .sql = {absl::StrCat(AlterColumn(table, pair.wanted->name), " DROP NOT NULL")},
           .schema = table.schema,
           .uses = {
               {ColumnUse::Change::kDefault, TableName(*work.pair->actual), pair.actual->name}}});
    }
  }
}

bool JsonLosesNames(const ColumnPair& column) {
  if (!KeepsValues(column)) return false;
  const auto wanted = IdentityOfColumn(column.wanted->comment);
  const auto actual = IdentityOfColumn(column.actual->comment);
  return wanted && actual && !LostNames(actual->json, wanted->json).empty();
}

void AddJsonChanges(PlanParts& parts) {
  for (const TableWork& work : parts.tables) {
    for (const ColumnPair& column : work.pair->columns) {
      if (!JsonLosesNames(column)) continue;
      const SchemaTable& table = *work.pair->wanted;
      const std::vector<std::string> lost =
          LostNames(IdentityOfColumn(column.actual->comment)->json,
                    IdentityOfColumn(column.wanted->comment)->json);
      parts.plan.steps.push_back(
          {.name = absl::StrCat("change-json:", work.label, ".", column.wanted->name),
           .kind = StepKind::kDestructive,
           .locks = Moment(kShareUpdateExclusive, table),
           .why = absl::StrCat(
               "values inside jsonb are found by name, and the contract no longer has ",
               absl::StrJoin(lost, ", "),
               ": what is stored there is not read any more, and goes with the next write of the "
               "row. To keep it, rewrite the values (UPDATE) before this step"),
           .sql = {CommentOnColumn(table, *column.wanted)},
           .schema = table.schema});
    }
  }
}

}  // namespace dataservice::schema
