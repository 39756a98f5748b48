// From the database as it is to the contract as it is, step by step.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/model.h"

namespace dataservice {

// What a step does to those who use the database meanwhile.
enum class StepKind {
  kOnline,       // nothing, or a lock for a moment
  kBlocking,     // makes them wait, or breaks servers of the old contract: see `why`
  kDestructive,  // loses data: done only when named
};

std::string_view StepKindName(StepKind kind);

// Rows that a step would fail on; they are counted before anything is done.
struct Fit {
  std::string what;   // "rows of shop.article whose title is longer than 100 characters"
  std::string query;  // counts them
};

struct Step {
  std::string name;  // "add-column:article.size"; stable, for --allow
  StepKind kind = StepKind::kOnline;
  std::string lock;  // "ACCESS EXCLUSIVE on shop.article, for a moment"
  std::string why;   // what to know of it, and the alternative; may be empty
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
  // A destructive step without which the others cannot be done.
  bool needed = false;
};

struct Plan {
  std::vector<Step> steps;
  // Why there is no way: nothing is done.
  std::vector<std::string> refusals;
};

// `actual` is what ModelOfCatalog reads. A database that has been brought to
// `wanted` has a plan without steps other than the destructive ones that nobody
// allowed.
Plan MakePlan(const SchemaModel& wanted, const SchemaModel& actual);

}  // namespace dataservice
