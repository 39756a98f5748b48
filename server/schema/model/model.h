// What a schema is made of, as DDL names it: the contract's side and the
// database's side of every comparison.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"
#include "schema/model/object.h"

namespace dataservice::schema {

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
  // Properties of the database's table that change what statements do to it, beyond its
  // columns and constraints: "row level security is on".
  std::vector<std::string> peculiarities;
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

}  // namespace dataservice::schema
