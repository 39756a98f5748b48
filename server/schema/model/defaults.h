// Defaults of columns.
#pragma once

#include <string>

namespace dataservice::schema {

// Whether both are the same default. PostgreSQL returns a default with casts: `''` as
// `''::character varying`.
bool SameDefault(const std::string& wanted, const std::string& actual);

// The default with which a column is added without rewriting the table: for a default that
// differs from row to row, one with the same value for all rows.
std::string StableDefault(const std::string& value);

}  // namespace dataservice::schema
