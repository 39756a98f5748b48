// Finds the tables and columns of the database that belong to those of the contract.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "schema/model/model.h"
#include "schema/plan/rename.h"

namespace dataservice::schema {

struct ColumnPair {
  const SchemaColumn* wanted = nullptr;
  const SchemaColumn* actual = nullptr;  // null if it is to be added
};

struct TablePair {
  const SchemaTable* wanted = nullptr;
  const SchemaTable* actual = nullptr;  // null if it is to be created
  // Neither the table nor any of its columns has a comment of the tool: another program created
  // and uses it.
  bool foreign = false;
  std::vector<ColumnPair> columns;  // one for each of `wanted`
  // Columns with a comment of the tool that are no longer in the contract.
  std::vector<const SchemaColumn*> removed;
  // Old name -> new name, where it changes.
  NameMap column_names;
  // The constraints and indexes of `actual` after tables and columns were renamed, in the same
  // order.
  std::vector<SchemaObject> constraints;
  std::vector<SchemaObject> indexes;

  // The pair of a wanted column; null if no wanted column has that name.
  const ColumnPair* Find(std::string_view name) const;
  // Whether a column of `actual` is one of the contract's.
  bool IsWanted(const SchemaColumn& column) const;
};

struct Pairing {
  std::vector<TablePair> tables;  // one for each of the wanted model, in its order
  // Tables with a comment of the tool, in a schema of the contract, that are no longer in it.
  std::vector<const SchemaTable*> removed;
  // Table names that occur in several schemas.
  std::set<std::string> ambiguous;

  // The name of a table in the names of steps: with its schema if another schema has the same
  // name.
  std::string Label(const SchemaTable& table) const;

  // The pair of the database's table with that TableName; null if none has it.
  const TablePair* FindActual(std::string_view name) const;
};

// Finds a table by the message in its comment, or else by its name; a column by the number in its
// comment, or else by its name. The models must outlive the result.
Pairing Pair(const SchemaModel& wanted, const SchemaModel& actual);

}  // namespace dataservice::schema
