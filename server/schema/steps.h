// The parts of a plan, each one kind of change over all tables; plan.cc puts them
// in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/pairing.h"
#include "schema/plan.h"
#include "schema/table_work.h"

namespace dataservice {

// What the parts work on.
struct PlanParts {
  const Pairing& pairing;
  const std::vector<TableWork>& tables;
  const SchemaModel& actual;
  Plan& plan;
};

// Tables (steps_tables.cc).
// Schemas, each with its history, so that every later step is told of there.
void AddSchemas(PlanParts& parts);
void AddRenames(PlanParts& parts);
void AddNewTables(PlanParts& parts);
void AddComments(PlanParts& parts);

// Drops (steps_drops.cc).
// Tables and columns that the contract no longer has: first those whose names it
// uses otherwise, at the end the rest.
void AddDropsInTheWay(PlanParts& parts);
void AddLastDrops(PlanParts& parts);
// What a removed table or column would still refuse.
void AddReliefs(PlanParts& parts);

// Columns (steps_columns.cc).
void AddTypeChanges(PlanParts& parts);
void AddNewColumns(PlanParts& parts);
void AddDefaults(PlanParts& parts);
void AddJsonChanges(PlanParts& parts);
// Whether a jsonb column's values may have names that the contract no longer has,
// or has with another type.
bool JsonLosesNames(const ColumnPair& column);

// NOT NULL, once the constraints are there (steps_not_null.cc).
void AddNotNull(PlanParts& parts);

// Constraints and indexes (steps_objects.cc).
void AddEarlyObjectDrops(PlanParts& parts);
void AddConstraints(PlanParts& parts);
void AddIndexes(PlanParts& parts);
void AddValidations(PlanParts& parts);
void AddLateIndexDrops(PlanParts& parts);
// The steps that make one constraint on a table with rows.
void AddConstraintSteps(PlanParts& parts, const TableWork& work, const SchemaObject& constraint,
                        const SchemaObject* instead_of);
// The step that looks at the rows.
void AddValidation(PlanParts& parts, const TableWork& work, const SchemaObject& constraint);

// "ACCESS EXCLUSIVE on shop.article, for a moment".
std::string Moment(std::string_view mode, const SchemaTable& table);
// The same, until the step is over.
std::string Whole(std::string_view mode, const SchemaTable& table);

inline constexpr std::string_view kAccessExclusive = "ACCESS EXCLUSIVE";
inline constexpr std::string_view kShareUpdateExclusive = "SHARE UPDATE EXCLUSIVE";
inline constexpr std::string_view kShareRowExclusive = "SHARE ROW EXCLUSIVE";

// "ALTER TABLE shop.article ALTER COLUMN title".
std::string AlterColumn(const SchemaTable& table, std::string_view column);

}  // namespace dataservice
