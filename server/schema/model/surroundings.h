// What a plan has to know of a database beyond the contract's tables: what depends on
// them, which names are taken, what was done before it was interrupted.
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
  kFunction,  // with a body that PostgreSQL parses: BEGIN ATOMIC
  kTrigger,
  kPolicy,
  kGeneratedColumn,
  kPublication,
  kForeignKey,
  kChildTable,
  kRowType,  // a column whose type is the table's row
};

// Something that PostgreSQL knows to depend on a table or one of its columns.
struct Dependant {
  DependantKind kind = DependantKind::kView;
  std::string name;    // as SQL writes it
  std::string table;   // TableName of the table that it is part of; empty for none
  std::string column;  // that it depends on; empty for the table itself
};

enum class TakenBy { kTable, kIndex, kConstraintIndex, kView, kSequence, kType, kOther };

// A table, an index or a type that has a name which the contract wants.
struct TakenName {
  std::string schema;
  std::string name;
  TakenBy by = TakenBy::kTable;
  std::string table;  // of an index: TableName
};

struct Surroundings {
  std::map<std::string, std::vector<Dependant>> dependants;  // by TableName
  std::vector<TakenName> taken;
  // Schemas of the contract in which the tool's role may not make anything.
  std::set<std::string> closed_schemas;
  bool may_create_schemas = true;
  std::string role;
  // Steps that were done for the same contract since another one was applied: what they made
  // is not used by servers of the old contract.
  std::set<std::string> done;
};

// Of the database whose tables are `actual`. `digest` is the wanted contract's, as the history
// has it.
absl::StatusOr<Surroundings> SurroundingsOf(SchemaSession& session, const SchemaModel& wanted,
                                            const SchemaModel& actual, const std::string& digest);

}  // namespace dataservice::schema
