// The steps that change a database into one of the contract.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/model/model.h"
#include "schema/model/surroundings.h"

namespace dataservice::schema {

// The effect of a step on other users of the database.
enum class StepKind {
  kOnline,       // none, or a lock that is held for a moment
  kBlocking,     // they wait; `why` explains it
  kDestructive,  // loses data
};

std::string_view StepKindName(StepKind kind);

// Rows that a step would fail on. They are counted before any step is done.
struct ViolationQuery {
  std::string what;   // "rows of shop.article whose title is longer than 100 characters"
  std::string query;  // counts them
  std::string keys;   // selects their keys; empty if the table has no key
};

struct TableLock {
  std::string mode;         // "ACCESS EXCLUSIVE"
  std::string table;        // TableName
  bool until_done = false;  // or only for a moment

  bool operator==(const TableLock&) const = default;
};

// "ACCESS EXCLUSIVE on shop.article, for a moment"; "none" for no lock.
std::string LockText(const std::vector<TableLock>& locks);

// A change of a column that dependent objects may prevent.
struct ColumnUse {
  enum class Change { kRetype, kDrop, kDefault };
  Change change = Change::kRetype;
  std::string table;   // TableName in the database before the plan
  std::string column;  // its name there; empty for the table itself
};

struct Step {
  std::string name;  // "add-column:article.size"; stable, for --allow
  StepKind kind = StepKind::kOnline;
  std::vector<TableLock> locks;
  std::string why;  // its consequences and the alternative; may be empty
  // Run in one transaction, except for the first statement of a step that is `alone`.
  std::vector<std::string> sql;
  // The first statement runs outside of a transaction (CREATE INDEX CONCURRENTLY), the others in
  // one transaction after it.
  bool alone = false;
  // For a step that creates an index: schema.index and schema.table. An index that a failure left
  // unfinished is dropped.
  std::string index;
  std::string table;
  // Counts the rows whose values the new type cannot represent. It is run under the lock of
  // `table`, because rows may have been added since
  // `violation_queries` were run.
  std::string guard;
  std::vector<ViolationQuery> violation_queries;
  // The schema whose history records the step.
  std::string schema;
  // From this step on, calls or writes of servers of the old contract fail.
  bool breaks = false;
  // Selects the rows that servers of the old contract could write and the step would refuse. If
  // PostgreSQL's planner proves from the existing constraints that the query returns no row, the
  // step breaks nothing.
  std::string proof;
  // The name that --allow must give for the step to be done; empty if none is needed. All steps
  // of one change have the same.
  std::string permission;
  // The other steps depend on it: without its permission the plan is refused.
  bool needed = false;
  std::vector<ColumnUse> uses;
  // What prevents the step, such as a view, with what to do about it.
  std::vector<std::string> obstacles;
};

struct Plan {
  std::vector<Step> steps;
  // Reasons why nothing can be done.
  std::vector<std::string> refusals;
};

// `actual` is what ModelOfCatalog() returns. The plan of a database to which `wanted` was applied
// has only those steps that were not allowed.
Plan MakePlan(const SchemaModel& wanted, const SchemaModel& actual,
              const Surroundings& surroundings = {});

}  // namespace dataservice::schema
