// A resource as a table.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "schema/model/model.h"

namespace dataservice::schema {

// The table of a resource. `names` are the names of tables and indexes that are taken in its
// schema; the names of its indexes are added. The rules that only the server enforces are added
// to `notes`.
SchemaTable TableOfResource(const Resource& resource, std::set<std::string>& names,
                            std::vector<std::string>& notes);

}  // namespace dataservice::schema
