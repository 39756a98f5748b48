// Parts of SQL texts.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "contract/resource.h"
#include "view.h"

namespace dataservice {

// The name, quoted if PostgreSQL reserves it or it has other characters than lower-case letters,
// digits and underscores.
std::string Identifier(std::string_view name);

// schema.name, each quoted as Identifier does it.
std::string QualifiedName(std::string_view schema, std::string_view name);

// 'text', with quotes doubled.
std::string Literal(std::string_view text);

// schema.table
std::string TableName(const Resource& resource);

// alias.column
std::string ColumnName(std::string_view alias, const Column& column);

// The output expressions of the resource's columns in the relation `alias`.
std::vector<std::string> Outputs(const Resource& resource, std::string_view alias);

// The same, comma-separated.
std::string OutputList(const Resource& resource, std::string_view alias);

// The expression that a result has for the column `name` of the type of `column`: the name itself,
// or its binary form in hexadecimal digits (ColumnTraits::send) if the text of the type depends on
// settings of the database, the role or a pooler's other clients (extra_float_digits,
// IntervalStyle), or costs PostgreSQL much more (the text of a time costs three times as much).
std::string OutputExpression(const Column& column, const std::string& name);

// The SQL literal of the zero of a column's type; empty if it has none.
std::string ZeroLiteral(const Column& column);

// The version of a row, which determines its etag: the update_time plus one microsecond for each
// NULL reference with ON DELETE SET NULL. The etag therefore changes when the referenced row is
// deleted, whoever deletes it.
std::string VersionTime(const Resource& resource, std::string_view alias);

// The time of a change: now, or later if the row has had a later version.
std::string NextUpdateTime(const Resource& resource, std::string_view alias);

}  // namespace dataservice
