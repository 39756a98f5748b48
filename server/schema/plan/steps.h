// The parts of a plan. Each returns the steps of one kind of change over all tables; plan.cc
// puts the parts in order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/plan/pairing.h"
#include "schema/plan/plan.h"
#include "schema/plan/table_work.h"

namespace dataservice::schema {

// What the parts read.
struct PlanContext {
  const Pairing& pairing;
  const std::vector<TableWork>& tables;
  const SchemaModel& actual;
  const Surroundings& surroundings;
};

// Tables that another program created (steps_take_over.cc).
std::vector<Step> TakeOverSteps(const PlanContext& context);

// Tables (steps_tables.cc).
// Schemas, each with its history table, which records every later step.
std::vector<Step> SchemaSteps(const PlanContext& context);
std::vector<Step> RenameSteps(const PlanContext& context);
std::vector<Step> NewTableSteps(const PlanContext& context);
std::vector<Step> CommentSteps(const PlanContext& context);

// Tables and columns that the contract no longer has (steps_drops.cc).
// Those whose names the contract uses for something else.
std::vector<Step> EarlyDropSteps(const PlanContext& context);
// All others.
std::vector<Step> LateDropSteps(const PlanContext& context);
// Removes what they would still refuse until they are dropped: rows without a value, and the
// deletion of rows that they refer to.
std::vector<Step> RelaxationSteps(const PlanContext& context);

// Columns (steps_columns.cc, steps_type_changes.cc).
std::vector<Step> TypeChangeSteps(const PlanContext& context);
std::vector<Step> NewColumnSteps(const PlanContext& context);
std::vector<Step> DefaultSteps(const PlanContext& context);
std::vector<Step> JsonChangeSteps(const PlanContext& context);

// NOT NULL (steps_not_null.cc).
std::vector<Step> NotNullSteps(const PlanContext& context);

// Constraints and indexes (steps_objects.cc).
std::vector<Step> EarlyObjectDropSteps(const PlanContext& context);
std::vector<Step> ConstraintSteps(const PlanContext& context);
std::vector<Step> IndexSteps(const PlanContext& context);
std::vector<Step> ValidationSteps(const PlanContext& context);
std::vector<Step> LateIndexDropSteps(const PlanContext& context);

// Drops a constraint of a table, which the names of steps call `label`.
Step DropConstraint(const SchemaTable& table, const std::string& label,
                    const SchemaObject& constraint, std::string why);

// Adds a constraint, or replaces `instead_of` by it. It is NOT VALID, except for a primary key
// and in a new table.
Step AddNotValid(const TableWork& work, const SchemaObject& constraint,
                 const SchemaObject* instead_of);
// Validates a constraint that is NOT VALID, which reads all rows.
Step Validation(const TableWork& work, const SchemaObject& constraint);

// Reasons why no plan exists, for people (refusals.cc). `steps` are all steps of the plan.
std::vector<std::string> RefusalsOf(const PlanContext& context, const std::vector<Step>& steps);
// What prevents a step, with what to do about it (obstacles.cc).
std::vector<std::string> ObstaclesOf(const PlanContext& context, const Step& step);

// How servers of the old contract are affected (breaks.cc).
// Marks a step that makes their calls or writes fail: it is done only when its own name is
// allowed. `needed`: servers of the new contract rely on it. A table that is taken over has one
// permission for all of its steps, and a new table has no servers of the old contract.
void MarkBreak(const PlanContext& context, const TableWork& work, bool needed, Step& step);
// The same for a step that refuses what they may still write.
void MarkWrites(const PlanContext& context, const TableWork& work, bool needed, Step& step);
// The same for a constraint that is added or replaces `instead_of`, if it is stricter.
void MarkStricter(const PlanContext& context, const TableWork& work, const SchemaObject& constraint,
                  const SchemaObject* instead_of, Step& step);
// The same for a unique index.
void MarkUnique(const PlanContext& context, const TableWork& work, const SchemaObject& index,
                Step& step);

// Messages renamed without their tables (renamed_message.cc): a note on a new table that looks
// like a removed one, and on the removed one; empty for others.
std::string NoteOfNewTable(const PlanContext& context, const SchemaTable& table);
std::string NoteOfRemovedTable(const PlanContext& context, const SchemaTable& removed);

// A lock that is held for a moment.
std::vector<TableLock> BriefLock(std::string_view mode, const SchemaTable& table);
// A lock that is held until the step is done.
std::vector<TableLock> LockUntilDone(std::string_view mode, const SchemaTable& table);
// Adds a lock on another table (TableName), held as long as the first.
void AddLock(std::string_view mode, const std::string& table, std::vector<TableLock>& locks);

inline constexpr std::string_view kAccessExclusive = "ACCESS EXCLUSIVE";
inline constexpr std::string_view kShareUpdateExclusive = "SHARE UPDATE EXCLUSIVE";
inline constexpr std::string_view kShareRowExclusive = "SHARE ROW EXCLUSIVE";
inline constexpr std::string_view kRowShare = "ROW SHARE";

// "ALTER TABLE shop.article ALTER COLUMN title".
std::string AlterColumn(const SchemaTable& table, std::string_view column);
// Gives `step` the permission of the first step of the same change.
void SharePermission(const Step& first, Step& step);
// Moves the steps of `more` to the end of `steps`.
void Append(std::vector<Step> more, std::vector<Step>& steps);

}  // namespace dataservice::schema
