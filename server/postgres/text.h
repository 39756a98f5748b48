// Pieces of SQL text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/string_view.h"
#include "contract/resource.h"

namespace dataservice {

// For abseil, whose string_view is a type of its own in Debian.
inline absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

// The name, in quotes where PostgreSQL reserves it. Names of the contract are
// letters, digits and underscores; others are quoted too.
std::string Identifier(std::string_view name);

// 'text', with quotes doubled.
std::string Literal(std::string_view text);

// schema.table
std::string TableName(const Resource& resource);

// alias.column
std::string ColumnName(std::string_view alias, const Column& column);

// The resource's columns as a result gives them, each `alias.column` or an
// expression over it.
std::vector<std::string> Outputs(const Resource& resource, std::string_view alias);

// The same, comma-separated.
std::string OutputList(const Resource& resource, std::string_view alias);

// A column as a result gives it: `name`, which is one of that column, or an
// expression over it. What the text of a type leaves out by a setting of the database, the
// role or a pooler's other client (extra_float_digits, IntervalStyle), goes in
// its binary form as hexadecimal digits.
std::string OutputExpression(const Column& column, const std::string& name);

// The zero of a column's type, as SQL compares with it; empty if it has none.
std::string ZeroLiteral(const Column& column);

// The version of a row, which its etag is made of: the update_time, and a microsecond more for
// each reference that ON DELETE SET NULL may have set to NULL. Whoever deletes the row
// that is referred to, the etag changes.
std::string VersionTime(const Resource& resource, std::string_view alias);

// The time of a change: now, but later than every version that the row has had.
std::string NextUpdateTime(const Resource& resource, std::string_view alias);

}  // namespace dataservice
