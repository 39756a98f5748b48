// From the database as it is to the contract as it is, step by step.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/model/model.h"
#include "schema/model/surroundings.h"

namespace dataservice::schema {

// What a step does to those who use the database meanwhile.
enum class StepKind {
  kOnline,       // nothing, or a lock for a moment
  kBlocking,     // makes them wait: see `why`
  kDestructive,  // loses data
};

std::string_view StepKindName(StepKind kind);

// Rows that a step would fail on; they are counted before anything is done.
struct Fit {
  std::string what;   // "rows of shop.article whose title is longer than 100 characters"
  std::string query;  // counts them
  std::string keys;   // a query of their keys; empty if the table has no key
};

struct TableLock {
  std::string mode;         // "ACCESS EXCLUSIVE"
  std::string table;        // TableName
  bool until_done = false;  // else for a moment

  bool operator==(const TableLock&) const = default;
};

// "ACCESS EXCLUSIVE on shop.article, for a moment"; "none" without any.
std::string LockText(const std::vector<TableLock>& locks);

// Columns that a step changes in a way that what depends on them may forbid.
struct ColumnUse {
  enum class Change { kRetype, kDrop, kDefault };
  Change change = Change::kRetype;
  std::string table;   // TableName in the database before the plan
  std::string column;  // its name there; empty for the whole table
};

struct Step {
  std::string name;  // "add-column:article.size"; stable, for --allow
  StepKind kind = StepKind::kOnline;
  std::vector<TableLock> locks;
  std::string why;  // what to know of it, and the alternative; may be empty
  // One transaction, unless it is `alone`.
  std::vector<std::string> sql;
  // The first statement runs outside of a transaction (CREATE INDEX CONCURRENTLY),
  // the others in one after it.
  bool alone = false;
  // Of one that makes an index: schema.index and schema.table. What a failure leaves
  // of it is cleared up.
  std::string index;
  std::string table;
  // Counts the rows whose values the step would change, beyond their type: run under the
  // lock of `table`, because rows may have come since `fits` were counted.
  std::string guard;
  std::vector<Fit> fits;
  // The schema whose history tells of it.
  std::string schema;
  // Calls, or writes, of servers of the old contract fail from here on.
  bool breaks = false;
  // A query of the rows that servers of the old contract could write and the step would
  // refuse. PostgreSQL's planner may prove from the constraints that are there that it has
  // no row: then the step breaks nothing.
  std::string proof;
  // The name that --allow has to give for the step to be done; empty if it is done unasked.
  // The steps of one change have the same.
  std::string permission;
  // The others cannot be done without it: it is not left out, the plan is refused.
  bool needed = false;
  std::vector<ColumnUse> uses;
  // What depends on the columns that it uses and does not let them change, with what to do.
  std::vector<std::string> obstacles;
};

struct Plan {
  std::vector<Step> steps;
  // Why there is no way: nothing is done.
  std::vector<std::string> refusals;
};

// `actual` is what ModelOfCatalog reads. A database that has been brought to
// `wanted` has a plan without steps other than the destructive ones that nobody
// allowed.
Plan MakePlan(const SchemaModel& wanted, const SchemaModel& actual,
              const Surroundings& surroundings = {});

}  // namespace dataservice::schema
