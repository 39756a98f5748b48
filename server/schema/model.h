// What a schema is made of, as DDL names it: the contract's side and the
// database's side of every comparison.
#pragma once

#include <string>
#include <vector>

#include "contract/contract.h"

namespace dataservice {

struct SchemaColumn {
  std::string name;
  std::string type;       // "varchar(200)"
  std::string collation;  // "C", or empty
  bool not_null = false;
  std::string default_value;  // SQL, or empty
  std::string comment;        // identity: message, field and number
};

// A constraint or an index. Its comment keeps its definition as it was written,
// because PostgreSQL gives back its own rendering; whoever replaces one by hand
// loses the comment, and is found out.
struct SchemaObject {
  std::string name;
  std::string definition;  // "CHECK (rate >= 1)", "UNIQUE INDEX ... ON ..."
  bool valid = true;
};

struct SchemaTable {
  std::string schema;
  std::string name;
  std::string comment;
  std::vector<SchemaColumn> columns;
  std::vector<SchemaObject> constraints;
  std::vector<SchemaObject> indexes;
  // What the roles may do with it; empty is nothing.
  std::string app_rights = "SELECT, INSERT, UPDATE, DELETE";
  std::string reader_rights = "SELECT";
};

// The roles that get rights; empty names get none.
struct SchemaRoles {
  std::string app;     // reads and writes rows
  std::string reader;  // reads rows
};

struct SchemaModel {
  std::vector<SchemaTable> tables;
  // For people: rules that the server alone enforces.
  std::vector<std::string> notes;
};

// The schema of a contract: tables in the order in which they can be made.
SchemaModel ModelOfContract(const Contract& contract);

// "dataservice: " and the text: how our comments begin.
std::string OwnComment(std::string_view text);
inline constexpr std::string_view kCommentPrefix = "dataservice: ";

// A name of at most 63 bytes: a longer one is cut and ends with a digest of the
// whole.
std::string ObjectName(std::string_view name);

}  // namespace dataservice
