// What a schema is made of, as DDL names it: the contract's side and the
// database's side of every comparison.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"

namespace dataservice {

struct SchemaColumn {
  std::string name;
  std::string type;       // "varchar(200)"
  std::string collation;  // "C", or empty
  bool not_null = false;
  std::string default_value;  // SQL, or empty
  std::string comment;        // who it is: schema/model/identity.h
  // The database makes its values itself: an identity column, or a generated one.
  bool generated = false;
  // A row that gives it no value breaks a rule of the contract.
  bool refuses_default = false;
};

enum class ObjectKind { kCheck, kPrimaryKey, kForeignKey, kUnique, kIndex, kUniqueIndex };

// What a foreign key refers to.
struct ReferencedTable {
  std::string table;  // TableName
  std::vector<std::string> columns;
  std::string on_delete;  // "RESTRICT"

  bool operator==(const ReferencedTable&) const = default;
};

// A constraint or an index.
struct SchemaObject {
  std::string name;
  ObjectKind kind = ObjectKind::kCheck;
  // "CHECK (rate >= 1)", "PRIMARY KEY (id)", "UNIQUE INDEX (title, id)". A CHECK
  // of the database is what its comment keeps, because PostgreSQL gives back its
  // own rendering; whoever replaces one by hand loses the comment, and is found
  // out.
  std::string definition;
  std::vector<std::string> columns;                         // that it is about
  std::optional<ReferencedTable> reference = std::nullopt;  // of a foreign key
  // A CHECK that at most one of its columns is set.
  bool at_most_one = false;
  // NOT VALID constraints, and indexes whose making failed, are not.
  bool valid = true;
  // It has our comment: it may be dropped when the contract no longer has it.
  bool ours = true;
  // A UNIQUE constraint that says no more than that: it has the index that a unique index of
  // the contract asks for.
  bool plain_unique = false;
  // An index that belongs to a constraint.
  bool of_constraint = false;
  // An index that REINDEX CONCURRENTLY made and did not finish.
  bool leftover = false;
};

enum class TableKind { kOrdinary, kPartitioned, kChild };

struct SchemaTable {
  std::string schema;
  std::string name;
  std::string comment;
  TableKind kind = TableKind::kOrdinary;
  // The role that owns the database's table, where the tool's own role may not act for it.
  std::string other_owner;
  std::vector<SchemaColumn> columns;
  std::vector<SchemaObject> constraints;
  std::vector<SchemaObject> indexes;
  // What the roles may do with it; empty is nothing.
  std::string app_rights = "SELECT, INSERT, UPDATE, DELETE";
  std::string reader_rights = "SELECT";
  // The server reads or writes it.
  bool served = true;
  // What makes the database's table behave otherwise than its columns and constraints
  // say: "row level security is on".
  std::vector<std::string> oddities;
};

// The roles that get rights; empty names get none.
struct SchemaRoles {
  std::string app;     // reads and writes rows
  std::string reader;  // reads rows
};

struct SchemaModel {
  // The contract's, or those of them that the database has.
  std::vector<std::string> schemas;
  std::vector<SchemaTable> tables;
  // For people: rules that the server alone enforces.
  std::vector<std::string> notes;
};

// The schema of a contract: tables in the order in which they can be made.
SchemaModel ModelOfContract(const Contract& contract);

// schema.table, as SQL writes it.
std::string TableName(const SchemaTable& table);

// The item of that name; null if there is none.
template <typename Named>
const Named* FindNamed(const std::vector<Named>& list, std::string_view name) {
  for (const Named& item : list) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

// A name of at most 63 bytes: a longer one is cut and ends with a digest of the
// whole.
std::string ObjectName(std::string_view name);

}  // namespace dataservice
