// A database schema as values. Both sides of every comparison, the contract and the database,
// are such a model.
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
  std::string comment;        // identifies the field: schema/model/identity.h
  // An identity column or a generated one: PostgreSQL computes its values.
  bool generated = false;
  // The value that a row has without one being given breaks a rule of the contract.
  bool refuses_default = false;
};

enum class TableKind { kOrdinary, kPartitioned, kChild };

struct SchemaTable {
  std::string schema;
  std::string name;
  std::string comment;
  TableKind kind = TableKind::kOrdinary;
  // The owner of the database's table, if the tool's role does not have the owner's rights; else
  // empty.
  std::string other_owner;
  std::vector<SchemaColumn> columns;
  std::vector<SchemaObject> constraints;
  std::vector<SchemaObject> indexes;
  // The rights of the roles; empty for none.
  std::string app_rights = "SELECT, INSERT, UPDATE, DELETE";
  std::string reader_rights = "SELECT";
  // Whether the server reads or writes it.
  bool served = true;
  // Properties of the database's table that change what statements do to it, beyond its
  // columns and constraints: "row level security is on".
  std::vector<std::string> peculiarities;
};

// The roles that are granted rights; an empty name stands for no role.
struct SchemaRoles {
  std::string app;     // reads and writes rows
  std::string reader;  // reads rows
};

struct SchemaModel {
  // The contract's schemas; in a model of a database, those of them that exist.
  std::vector<std::string> schemas;
  std::vector<SchemaTable> tables;
  // Rules that only the server enforces, as text for people.
  std::vector<std::string> notes;
};

// The schema of a contract. The tables are in an order in which they can be created.
SchemaModel ModelOfContract(const Contract& contract);

// "schema.table", with identifiers quoted where PostgreSQL requires it.
std::string TableName(const SchemaTable& table);

// The item with that name; null if none has it.
template <typename Named>
const Named* FindNamed(const std::vector<Named>& list, std::string_view name) {
  for (const Named& item : list) {
    if (item.name == name) return &item;
  }
  return nullptr;
}

// A name of at most 63 bytes. A longer name is cut and ends with a digest of the full name.
std::string ObjectName(std::string_view name);

}  // namespace dataservice::schema
