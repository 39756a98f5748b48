// Changes of a column's type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dataservice::schema {

struct TypeChange {
  // PostgreSQL changes only the catalog: the table is not rewritten, and locked for a moment.
  bool online = false;
  // The value as the new type, from the column's old one ("year::bigint").
  std::string value;
  // The condition that the new type can represent a row's value; empty if it can represent all.
  std::string convertible;
  // What is wrong with a value that is not convertible: "is longer than 100 characters".
  std::string violation;
  // Foreign keys over the column can stay, because values of both types can be compared.
  bool keeps_references = false;
};

// Types are as in DDL ("varchar(200)", "integer[]"); `column` is an SQL expression. Nothing if
// values of `from` cannot become values of `to` without loss.
std::optional<TypeChange> ChangeOfType(std::string_view from, std::string_view to,
                                       const std::string& column);

// Whether a server that expects the narrow type can serve a column of the wide one.
bool IsWidened(std::string_view narrow, std::string_view wide);

}  // namespace dataservice::schema
