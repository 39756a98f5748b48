// The parts of a plan, each one kind of change over all tables; plan.cc puts them
// in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/plan/pairing.h"
#include "schema/plan/plan.h"
#include "schema/plan/table_work.h"

namespace dataservice::schema {

// What the parts work on.
struct PlanParts {
  const Pairing& pairing;
  const std::vector<TableWork>& tables;
  const SchemaModel& actual;
  const Surroundings& surroundings;
  Plan& plan;
};

// What servers of the old contract notice (breaks.cc).
// The step makes their calls or writes fail: it is done only when its own name is allowed.
// `needed`: servers of the new contract rely on it. A table that is taken over has one
// permission for all of it, and one that was made for the new contract has no such servers.
void MarkBreak(const PlanParts& parts, const TableWork& work, bool needed, Step& step);
// The same for one that refuses what they may still write.
void MarkWrites(const PlanParts& parts, const TableWork& work, bool needed, Step& step);
// The same for a constraint that is added, or takes the place of `instead_of`, if it is stricter.
void MarkStricter(const PlanParts& parts, const TableWork& work, const SchemaObject& constraint,
                  const SchemaObject* instead_of, Step& step);
// The same for a unique index.
void MarkUnique(const PlanParts& parts, const TableWork& work, const SchemaObject& index,
                Step& step);

// Tables that another program made (steps_take_over.cc).
void AddTakeOvers(PlanParts& parts);

// What does not let the steps be done (obstacles.cc): after all of them.
void AddObstacles(PlanParts& parts);
// Names that the steps give and something else has.
void RefuseTakenNames(PlanParts& parts);
// Rights that the tool's role does not have.
void RefuseWithoutRights(PlanParts& parts);

// Tables (steps_tables.cc).
// Schemas, each with its history, so that every later step is told of there.
void AddSchemas(PlanParts& parts);
void AddRenames(PlanParts& parts);
void AddNewTables(PlanParts& parts);
void AddComments(PlanParts& parts);

// Renamed messages (renamed_message.cc): what to know of a new table that looks like a removed
// one, and the other way round; empty for others.
std::string NoteOfNewTable(const PlanParts& parts, const SchemaTable& table);
std::string NoteOfRemovedTable(const PlanParts& parts, const SchemaTable& removed);

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
// The steps that make one constraint on a table with rows; all have the permission of the first.
void AddConstraintSteps(PlanParts& parts, const TableWork& work, const SchemaObject& constraint,
                        const SchemaObject* instead_of);
// The step that looks at the rows.
void AddValidation(PlanParts& parts, const TableWork& work, const SchemaObject& constraint);

// A lock for a moment.
std::vector<TableLock> Moment(std::string_view mode, const SchemaTable& table);
// The same, until the step is over.
std::vector<TableLock> Whole(std::string_view mode, const SchemaTable& table);
// Adds a lock on another table (TableName), held as long as the first.
void AlsoLock(std::string_view mode, const std::string& table, std::vector<TableLock>& locks);

inline constexpr std::string_view kAccessExclusive = "ACCESS EXCLUSIVE";
inline constexpr std::string_view kShareUpdateExclusive = "SHARE UPDATE EXCLUSIVE";
inline constexpr std::string_view kShareRowExclusive = "SHARE ROW EXCLUSIVE";
inline constexpr std::string_view kRowShare = "ROW SHARE";

// "ALTER TABLE shop.article ALTER COLUMN title".
std::string AlterColumn(const SchemaTable& table, std::string_view column);

}  // namespace dataservice::schema
