// Defaults of columns.
#pragma once

#include <string>

namespace dataservice::schema {

// PostgreSQL gives a default back with casts: `''` as `''::character varying`.
bool SameDefault(const std::string& wanted, const std::string& actual);

// The default with which a column can be added without giving each row a value of
// its own, which would rewrite the table: the time of the statement for that of
// the row.
std::string StableDefault(const std::string& value);

}  // namespace dataservice::schema
