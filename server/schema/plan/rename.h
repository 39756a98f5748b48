// Constraints and indexes under new names, and renaming without collisions.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "schema/model/object.h"

namespace dataservice::schema {

// A table under its new names.
struct TableNames {
  std::string table;  // schema.table
  NameMap columns;    // old -> new, of those that change
};

// The constraint or index after its columns and the tables that it refers to were renamed;
// `tables` is by the old schema.table.
SchemaObject Renamed(SchemaObject object, const NameMap& columns,
                     const std::map<std::string, TableNames>& tables);

// The renames, old -> new, in an order in which no name is used twice at any time. Where names are
// swapped, one of them gets an intermediate name.
std::vector<std::pair<std::string, std::string>> RenameSequence(NameMap wanted);

}  // namespace dataservice::schema
