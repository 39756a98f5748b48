// The changes of the constraints, or of the indexes, of one table.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

struct ObjectChanges {
  std::vector<const SchemaObject*> drop;  // of the tool, and no longer wanted
  std::vector<std::pair<const SchemaObject*, const SchemaObject*>> rename;  // actual, wanted
  // The actual one has the name of the wanted one and is dropped.
  std::vector<std::pair<const SchemaObject*, const SchemaObject*>> replace;  // actual, wanted
  std::vector<const SchemaObject*> add;
  std::vector<const SchemaObject*> complete;  // wanted; they exist, but are not valid
  std::vector<const SchemaObject*> comment;   // wanted; they exist without the tool's comment
};

// `actual` has the new names of tables and columns (TablePair). Objects of other programs stay
// unless the contract needs their names. No object is renamed to one of the names `leaving`: the
// objects with these names are dropped together with a column, after the renames. The lists must
// outlive the result.
ObjectChanges ChangesOf(const std::vector<SchemaObject>& wanted,
                        const std::vector<SchemaObject>& actual,
                        const std::set<std::string>& leaving);

}  // namespace dataservice::schema
