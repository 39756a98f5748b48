// A resource as a table.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

// The table of a resource. `names` has the tables and indexes of its schema, which
// share their names; those of its indexes are added. `notes` gets the rules that
// the server alone enforces.
SchemaTable TableOfResource(const Resource& resource, std::set<std::string>& names,
                            std::vector<std::string>& notes);

}  // namespace dataservice::schema
