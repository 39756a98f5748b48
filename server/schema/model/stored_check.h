// CHECK constraints as the comments of a database store them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "schema/model/object.h"

namespace dataservice::schema {

// Reads "CHECK (condition)", which DefinitionText() wrote; nothing for any other text.
// `columns` are the columns that the catalog reports for the constraint: only their names
// are read as references, and only where they are whole identifiers, outside of literals,
// not after a dot or a cast, and not names of functions.
std::optional<Check> ReadStoredCheck(std::string_view text, std::vector<std::string> columns);

}  // namespace dataservice::schema
