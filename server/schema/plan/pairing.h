// Which table and column of the database is which of the contract's.
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
  const SchemaTable* actual = nullptr;  // null if it is to be made
  // Neither the table nor one of its columns has a comment of ours: another program made it,
  // and uses it.
  bool foreign = false;
  std::vector<ColumnPair> columns;  // one for each of `wanted`
  // With our comment, and no longer in the contract.
  std::vector<const SchemaColumn*> removed;
  // Old name -> new name, where it changes.
  NameMap column_names;
  // The constraints and indexes of `actual` as they will be once tables and
  // columns have their new names, in the same order: what of `wanted` is among
  // them is there.
  std::vector<SchemaObject> constraints;
  std::vector<SchemaObject> indexes;

  // The pair of a wanted column; null if the table has none of that name.
  const ColumnPair* Find(std::string_view name) const;
  // Whether a column of `actual` is one of the contract's.
  bool IsWanted(const SchemaColumn& column) const;
};

struct Pairing {
  std::vector<TablePair> tables;  // one for each of the wanted model, in its order
  // With our comment, in a schema of the contract, and no longer in it.
  std::vector<const SchemaTable*> removed;
  // By the old schema.table.
  std::map<std::string, TableNames> names;
  // Names that tables of several schemas have.
  std::set<std::string> ambiguous;

  // What steps call a table: its name, with its schema where others have it too.
  std::string Label(const SchemaTable& table) const;

  // The pair of the database's table of that TableName; null if there is none.
  const TablePair* FindActual(std::string_view name) const;
};

// A table is found by the message in its comment, else by its name; a column by
// the number in its comment, else by its name. The models must outlive it.
Pairing Pair(const SchemaModel& wanted, const SchemaModel& actual);

}  // namespace dataservice::schema
