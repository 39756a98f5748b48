// What does not let a step be done: found before anything is.
#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
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

std::string_view KindName(TakenBy by) {
  switch (by) {
    case TakenBy::kTable:
      return "a table";
    case TakenBy::kIndex:
      return "an index";
    case TakenBy::kConstraintIndex:
      return "the index of a constraint";
    case TakenBy::kView:
      return "a view";
    case TakenBy::kSequence:
      return "a sequence";
    case TakenBy::kType:
      return "a type";
    case TakenBy::kOther:
      return "something else";
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
bool GivesWay(const PlanParts& parts, const ColumnUse& use, const Dependant& dependant) {
  if (use.change == ColumnUse::Change::kDefault) return true;
  const bool of_table = use.change == ColumnUse::Change::kDrop && use.column.empty();
  // Those between tables of the contract are in the plan.
  if (dependant.kind == DependantKind::kForeignKey) {
    const bool known =
        std::any_of(parts.actual.tables.begin(), parts.actual.tables.end(),
                    [&](const SchemaTable& table) { return TableName(table) == dependant.table; });
    return known;
  }
  if (of_table) return dependant.table == use.table && dependant.kind != DependantKind::kRowType;
  if (dependant.kind == DependantKind::kRowType) return use.change == ColumnUse::Change::kDrop;
  // The column of a child changes with its parent's.
  if (dependant.kind == DependantKind::kChildTable) return true;
  return dependant.column != use.column;
}

void AddDependants(const PlanParts& parts, Step& step) {
  for (const ColumnUse& use : step.uses) {
    const auto found = parts.surroundings.dependants.find(use.table);
    if (found == parts.surroundings.dependants.end()) continue;
    for (const Dependant& dependant : found->second) {
      if (GivesWay(parts, use, dependant)) continue;
      std::string text = WhatToDo(dependant);
      const auto& there = step.obstacles;
      if (std::find(there.begin(), there.end(), text) == there.end()) {
        step.obstacles.push_back(std::move(text));
      }
    }
  }
}

void AddGenerated(const PlanParts& parts, Step& step) {
  for (const ColumnUse& use : step.uses) {
    if (use.change == ColumnUse::Change::kDrop) continue;
    const TablePair* pair = parts.pairing.FindActual(use.table);
    const SchemaColumn* column =
        pair == nullptr ? nullptr : FindNamed(pair->actual->columns, use.column);
    if (column == nullptr || !column->generated) continue;
    if (use.change == ColumnUse::Change::kRetype && column->default_value.empty()) continue;
    step.obstacles.push_back(absl::StrCat(
        use.table, ".", Identifier(use.column), " is a generated or identity column: ALTER TABLE ",
        use.table, " ALTER COLUMN ", Identifier(use.column), " DROP ",
        column->default_value.empty() ? "IDENTITY" : "EXPRESSION", " first"));
  }
}

// Of what the step does to its own table.
void AddTable(const PlanParts& parts, Step& step) {
  if (step.locks.empty()) return;
  for (const TablePair& pair : parts.pairing.tables) {
    if (pair.actual == nullptr) continue;
    const std::string& table = step.locks.front().table;
    if (table != TableName(*pair.actual) && table != TableName(*pair.wanted)) continue;
    const SchemaTable& actual = *pair.actual;
    if (!actual.other_owner.empty()) {
      step.obstacles.push_back(absl::StrCat(TableName(actual), " belongs to role ",
                                            actual.other_owner,
                                            ": run the tool as that role, or as a member of it"));
    }
    if (actual.kind == TableKind::kPartitioned && step.alone) {
      step.obstacles.push_back(absl::StrCat(
          TableName(actual),
          " is partitioned: PostgreSQL makes and drops no index of it CONCURRENTLY. Do it by "
          "hand (CREATE INDEX ... ON ONLY, then CONCURRENTLY on each partition, then ALTER "
          "INDEX ... ATTACH PARTITION), with the name and the comment of this step"));
    }
    const bool reference =
        actual.kind == TableKind::kPartitioned && step.locks.front().mode == kShareRowExclusive;
    if (reference) {
      step.obstacles.push_back(
          absl::StrCat(TableName(actual),
                       " is partitioned: PostgreSQL adds no foreign key NOT VALID to it. Add it by "
                       "hand, with the comment of this step"));
    }
    if (actual.kind == TableKind::kChild && !step.uses.empty() &&
        step.uses.front().change != ColumnUse::Change::kDefault) {
      step.obstacles.push_back(
          absl::StrCat(TableName(actual),
                       " is a partition or a child of another table, whose columns it has: "
                       "change them there"));
    }
    return;
  }
}

// Whether the plan itself makes room for a name of the contract.
bool IsKnown(const PlanParts& parts, const TakenName& taken) {
  if (taken.by == TakenBy::kTable) {
    return std::any_of(parts.actual.tables.begin(), parts.actual.tables.end(),
                       [&](const SchemaTable& table) {
                         return table.schema == taken.schema && table.name == taken.name;
                       });
  }
  for (const SchemaTable& table : parts.actual.tables) {
    if (TableName(table) != taken.table) continue;
    for (const auto* objects : {&table.indexes, &table.constraints}) {
      const SchemaObject* object = FindNamed(*objects, taken.name);
      // Of the same table: it is what the contract asks for, or its work says what to do.
      if (object == nullptr) continue;
      const bool own =
          std::any_of(parts.tables.begin(), parts.tables.end(), [&](const TableWork& work) {
            return work.pair->actual == &table &&
                   (FindNamed(work.pair->wanted->indexes, taken.name) != nullptr ||
                    FindNamed(work.pair->wanted->constraints, taken.name) != nullptr);
          });
      return object->ours || own;
    }
  }
  return false;
}

}  // namespace

void AddObstacles(PlanParts& parts) {
  for (Step& step : parts.plan.steps) {
    AddTable(parts, step);
    AddGenerated(parts, step);
    AddDependants(parts, step);
  }
}

void RefuseTakenNames(PlanParts& parts) {
  for (const TakenName& taken : parts.surroundings.taken) {
    // A type is in the way of a table only.
    const bool matters =
        taken.by != TakenBy::kType ||
        std::any_of(parts.tables.begin(), parts.tables.end(), [&](const TableWork& work) {
          return work.pair->wanted->schema == taken.schema && work.pair->wanted->name == taken.name;
        });
    if (!matters || IsKnown(parts, taken)) continue;
    parts.plan.refusals.push_back(absl::StrCat(
        Identifier(taken.schema), ".", Identifier(taken.name), " is ", View(KindName(taken.by)),
        taken.table.empty() ? "" : absl::StrCat(" of ", taken.table),
        ": it already has a name that the contract's schema needs; rename it, or drop it"));
  }
}

void RefuseWithoutRights(PlanParts& parts) {
  const Surroundings& around = parts.surroundings;
  std::set<std::string> made;
  for (const Step& step : parts.plan.steps) {
    const bool makes = !step.index.empty() || step.locks.empty();
    if (makes) made.insert(step.schema);
  }
  for (const TableWork& work : parts.tables) {
    if (work.IsNew()) made.insert(work.pair->wanted->schema);
  }
  for (const std::string& schema : made) {
    const auto& there = parts.actual.schemas;
    const bool exists = std::find(there.begin(), there.end(), schema) != there.end();
    if (!exists && !around.may_create_schemas) {
      parts.plan.refusals.push_back(
          absl::StrCat("role ", around.role, " may not create schema ", schema,
                       ": its owner can GRANT CREATE ON DATABASE, or create it for the role"));
    }
    if (exists && around.closed_schemas.contains(schema)) {
      parts.plan.refusals.push_back(absl::StrCat(
          "role ", around.role, " may not make anything in schema ", schema,
          ": GRANT CREATE ON SCHEMA ", Identifier(schema), " TO ", Identifier(around.role)));
    }
  }
}

}  // namespace dataservice::schema
