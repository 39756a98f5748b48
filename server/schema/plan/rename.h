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

// Single renames, old -> new, that lead to all of `wanted` without using a name
// twice at any time: where names change places, one steps aside.
std::vector<std::pair<std::string, std::string>> RenameSequence(NameMap wanted);

}  // namespace dataservice::schema
