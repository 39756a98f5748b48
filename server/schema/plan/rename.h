// Names in definitions, and renaming without collisions.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dataservice {

using NameMap = std::map<std::string, std::string>;

// SQL with the columns' names replaced: whole identifiers, not in literals, not
// after a dot or a cast, not names of functions.
std::string RenameColumns(std::string_view sql, const NameMap& columns);

// A table under its new names.
struct TableNames {
  std::string table;  // schema.table
  NameMap columns;    // old -> new, of those that change
};

// A foreign key's definition with the names of its own columns and of what it
// refers to replaced; `tables` is by the old schema.table.
std::string RenameForeignKey(const std::string& definition, const NameMap& columns,
                             const std::map<std::string, TableNames>& tables);

// Single renames, old -> new, that lead to all of `wanted` without using a name
// twice at any time: where names change places, one steps aside.
std::vector<std::pair<std::string, std::string>> RenameSequence(NameMap wanted);

}  // namespace dataservice
