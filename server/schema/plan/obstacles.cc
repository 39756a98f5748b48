// What prevents a step. It is found before any step is done.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/plan/steps.h"

namespace dataservice::schema {
namespace {

std::string_view KindName(DependantKind kind) {
  switch (kind) {
    case DependantKind::kView:
      return "view";
    case DependantKind::kMaterializedView:
      return "materialized view";
    case DependantKind::kRule:
      return "rule";
    case DependantKind::kFunction:
      return "function";
    case DependantKind::kTrigger:
      return "trigger";
    case DependantKind::kPolicy:
      return "policy";
    case DependantKind::kGeneratedColumn:
      return "generated column";
    case DependantKind::kPublication:
      return "publication";
    case DependantKind::kForeignKey:
      return "foreign key";
    case DependantKind::kChildTable:
      return "child table";
    case DependantKind::kRowType:
      return "column of the table's row type,";
  }
  return "";
}

std::string WhatToDo(const Dependant& dependant) {
  const std::string what = absl::StrCat(View(KindName(dependant.kind)), " ", dependant.name);
  switch (dependant.kind) {
    case DependantKind::kView:
    case DependantKind::kMaterializedView:
      return absl::StrCat(what,
                          ": keep its text (pg_get_viewdef) and its rights, drop it, run apply, "
                          "make it again");
    case DependantKind::kFunction:
      return absl::StrCat(what,
                          ": keep its text (pg_get_functiondef), drop it, run apply, make it "
                          "again");
    case DependantKind::kPublication:
      return absl::StrCat(what, ": take the table out of it, run apply, add it again");
    case DependantKind::kChildTable:
      return absl::StrCat(what, ": detach it first");
    default:
      return absl::StrCat(what, ": drop it, run apply, make it again");
  }
}

// Whether PostgreSQL changes the dependant with the column, or drops it with the table.
bool GivesWay(const PlanContext& context, const ColumnUse& use, const Dependant& dependant) {
  if (use.change == ColumnUse::Change::kDefault) return true;
  const bool of_table = use.change == ColumnUse::Change::kDrop && use.column.empty();
  // The plan itself handles foreign keys between tables of the contract.
  if (dependant.kind == DependantKind::kForeignKey) {
    const bool known =
        std::any_of(context.actual.tables.begin(), context.actual.tables.end(),
                    [&](const SchemaTable& table) { return TableName(table) == dependant.table; });
    return known;
  }
  if (of_table) return dependant.table == use.table && dependant.kind != DependantKind::kRowType;
  if (dependant.kind == DependantKind::kRowType) return use.change == ColumnUse::Change::kDrop;
  // The column of a child changes with its parent's.
  if (dependant.kind == DependantKind::kChildTable) return true;
  return dependant.column != use.column;
}

void AddDependants(const PlanContext& context, const Step& step, std::vector<std::string>& out) {
  for (const ColumnUse& use : step.uses) {
    const auto found = context.surroundings.dependants.find(use.table);
    if (found == context.surroundings.dependants.end()) continue;
    for (const Dependant& dependant : found->second) {
      if (GivesWay(context, use, dependant)) continue;
      std::string text = WhatToDo(dependant);
      if (!Contains(out, text)) out.push_back(std::move(text));
    }
  }
}

void AddGenerated(const PlanContext& context, const Step& step, std::vector<std::string>& out) {
  for (const ColumnUse& use : step.uses) {
    if (use.change == ColumnUse::Change::kDrop) continue;
    const TablePair* pair = context.pairing.FindActual(use.table);
    const SchemaColumn* column =
        pair == nullptr ? nullptr : FindNamed(pair->actual->columns, use.column);
    if (column == nullptr || !column->generated) continue;
    if (use.change == ColumnUse::Change::kRetype && column->default_value.empty()) continue;
    out.push_back(absl::StrCat(
        use.table, ".", Identifier(use.column), " is a generated or identity column: ALTER TABLE ",
        use.table, " ALTER COLUMN ", Identifier(use.column), " DROP ",
        column->default_value.empty() ? "IDENTITY" : "EXPRESSION", " first"));
  }
}

// Obstacles that are properties of the step's own table.
void AddTable(const PlanContext& context, const Step& step, std::vector<std::string>& out) {
  if (step.locks.empty()) return;
  for (const TablePair& pair : context.pairing.tables) {
    if (pair.actual == nullptr) continue;
    const std::string& table = step.locks.front().table;
    if (table != TableName(*pair.actual) && table != TableName(*pair.wanted)) continue;
    const SchemaTable& actual = *pair.actual;
    if (!actual.other_owner.empty()) {
      out.push_back(absl::StrCat(TableName(actual), " belongs to role ", actual.other_owner,
                                 ": run the tool as that role, or as a member of it"));
    }
    if (actual.kind == TableKind::kPartitioned && step.alone) {
      out.push_back(absl::StrCat(
          TableName(actual),
          " is partitioned: PostgreSQL makes and drops no index of it CONCURRENTLY. Do it by "
          "hand (CREATE INDEX ... ON ONLY, then CONCURRENTLY on each partition, then ALTER "
          "INDEX ... ATTACH PARTITION), with the name and the comment of this step"));
    }
    const bool reference =
        actual.kind == TableKind::kPartitioned && step.locks.front().mode == kShareRowExclusive;
    if (reference) {
      out.push_back(
          absl::StrCat(TableName(actual),
                       " is partitioned: PostgreSQL adds no foreign key NOT VALID to it. Add it by "
                       "hand, with the comment of this step"));
    }
    if (actual.kind == TableKind::kChild && !step.uses.empty() &&
        step.uses.front().change != ColumnUse::Change::kDefault) {
      out.push_back(
          absl::StrCat(TableName(actual),
                       " is a partition or a child of another table, whose columns it has: "
                       "change them there"));
    }
    return;
  }
}

}  // namespace

std::vector<std::string> ObstaclesOf(const PlanContext& context, const Step& step) {
  std::vector<std::string> out;
  AddTable(context, step, out);
  AddGenerated(context, step, out);
  AddDependants(context, step, out);
  return out;
}

}  // namespace dataservice::schema
