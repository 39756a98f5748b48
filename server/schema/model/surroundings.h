// What a plan depends on besides the contract's tables: objects that depend on these, names that
// are taken, and the steps that an interrupted run has done.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "postgres/session.h"
#include "schema/model/model.h"

namespace dataservice::schema {

enum class DependantKind {
  kView,
  kMaterializedView,
  kRule,
  kFunction,  // with a parsed body: BEGIN ATOMIC
  kTrigger,
  kPolicy,
  kGeneratedColumn,
  kPublication,
  kForeignKey,
  kChildTable,
  kRowType,  // a column whose type is the table's row
};

// An object that depends on a table or on one of its columns, according to pg_depend.
struct Dependant {
  DependantKind kind = DependantKind::kView;
  std::string name;    // as SQL text
  std::string table;   // TableName of the table that it belongs to; empty for none
  std::string column;  // that it depends on; empty for the table itself
};

enum class TakenBy { kTable, kIndex, kConstraintIndex, kView, kSequence, kType, kOther };

// An existing object with a name that the contract needs.
struct TakenName {
  std::string schema;
  std::string name;
  TakenBy by = TakenBy::kTable;
  std::string table;  // TableName of an index's table
};

struct Surroundings {
  std::map<std::string, std::vector<Dependant>> dependants;  // by TableName
  std::vector<TakenName> taken;
  // Schemas of the contract in which the tool's role may not create objects.
  std::set<std::string> closed_schemas;
  bool may_create_schemas = true;
  std::string role;
  // Steps that were done for this contract since another one was applied. Servers of the old
  // contract do not use what they created.
  std::set<std::string> done;
};

// Reads the surroundings of a database whose tables are `actual`. `digest` identifies the wanted
// contract in the history.
absl::StatusOr<Surroundings> SurroundingsOf(SchemaSession& session, const SchemaModel& wanted,
                                            const SchemaModel& actual, const std::string& digest);

}  // namespace dataservice::schema
