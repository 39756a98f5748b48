#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/model/ddl.h"
#include "schema/model/defaults.h"
#include "schema/model/identity.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {

std::vector<Step> NewColumnSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    if (work.IsNew()) continue;
    const SchemaTable& table = *work.pair->wanted;
    for (const ColumnPair& pair : work.pair->columns) {
      if (pair.actual != nullptr) continue;
      const SchemaColumn& column = *pair.wanted;
      Step step{.name = absl::StrCat("add-column:", work.label, ".", column.name),
                .locks = BriefLock(kAccessExclusive, table),
                .schema = table.schema};
      SchemaColumn added = column;
      // A default that differs from row to row would rewrite the table.
      added.default_value = StableDefault(column.default_value);
      if (BecomesNotNull(pair)) added.not_null = false;
      step.sql.push_back(
          absl::StrCat("ALTER TABLE ", TableName(table), " ADD COLUMN ", ColumnDefinition(added)));
      if (added.default_value != column.default_value) {
        step.sql.push_back(
            absl::StrCat(AlterColumn(table, column.name), " SET DEFAULT ", column.default_value));
      }
      step.sql.push_back(CommentOnColumn(table, column));
      steps.push_back(std::move(step));
    }
  }
  return steps;
}

std::vector<Step> DefaultSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
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
        steps.push_back({.name = absl::StrCat("set-default:", work.label, ".", pair.wanted->name),
                         .locks = BriefLock(kAccessExclusive, table),
                         .sql = std::move(sql),
                         .schema = table.schema,
                         .uses = {{ColumnUse::Change::kDefault, TableName(*work.pair->actual),
                                   pair.actual->name}}});
      }
    }
    for (const ColumnPair& pair : work.pair->columns) {
      if (!KeepsValues(pair) || pair.wanted->not_null || !pair.actual->not_null) continue;
      steps.push_back(
          {.name = absl::StrCat("drop-not-null:", work.label, ".", pair.wanted->name),
           .locks = BriefLock(kAccessExclusive, table),
           .sql = {absl::StrCat(AlterColumn(table, pair.wanted->name), " DROP NOT NULL")},
           .schema = table.schema,
           .uses = {
               {ColumnUse::Change::kDefault, TableName(*work.pair->actual), pair.actual->name}}});
    }
  }
  return steps;
}

std::vector<Step> JsonChangeSteps(const PlanContext& context) {
  std::vector<Step> steps;
  for (const TableWork& work : context.tables) {
    for (const ColumnPair& column : work.pair->columns) {
      if (!JsonLosesNames(column)) continue;
      const SchemaTable& table = *work.pair->wanted;
      const std::vector<std::string> lost =
          LostNames(IdentityOfColumn(column.actual->comment)->json,
                    IdentityOfColumn(column.wanted->comment)->json);
      steps.push_back(
          {.name = absl::StrCat("change-json:", work.label, ".", column.wanted->name),
           .kind = StepKind::kDestructive,
           .locks = BriefLock(kShareUpdateExclusive, table),
           .why = absl::StrCat(
               "values inside jsonb are found by name, and the contract no longer has ",
               absl::StrJoin(lost, ", "),
               ": what is stored there is not read any more, and goes with the next write of the "
               "row. To keep it, rewrite the values (UPDATE) before this step"),
           .sql = {CommentOnColumn(table, *column.wanted)},
           .schema = table.schema});
    }
  }
  return steps;
}

}  // namespace dataservice::schema
