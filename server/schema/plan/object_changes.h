// What happens to the constraints, or to the indexes, of one table.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

struct ObjectChanges {
  std::vector<const SchemaObject*> drop;  // ours, and no longer wanted
  std::vector<std::pair<const SchemaObject*, const SchemaObject*>> rename;  // actual, wanted
  // Another one has the name: it makes room.
  std::vector<std::pair<const SchemaObject*, const SchemaObject*>> replace;  // actual, wanted
  std::vector<const SchemaObject*> add;
  std::vector<const SchemaObject*> complete;  // wanted; there, but not valid
  std::vector<const SchemaObject*> comment;   // wanted; there, but without our comment
};

// `actual` under the new names of tables and columns (TablePair). What is not ours
// and in nobody's way is left alone. Nothing is renamed to one of the `leaving` names:
// what has them goes with a column, which is after the renames. The lists must outlive
// the answer.
ObjectChanges ChangesOf(const std::vector<SchemaObject>& wanted,
                        const std::vector<SchemaObject>& actual,
                        const std::set<std::string>& leaving = {});

}  // namespace dataservice::schema
