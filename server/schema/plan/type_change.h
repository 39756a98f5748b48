// What it takes to make a column of another type.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dataservice::schema {

struct TypeChange {
  // PostgreSQL changes the catalogue only: no rewrite, a lock for a moment.
  bool online = false;
  // The value as the new type, from the column's old one ("year::bigint").
  std::string value;
  // Whether a row's value has a counterpart in the new type; empty if each has.
  std::string fits;
  // What does not fit, for people: "is longer than 100 characters".
  std::string misfit;
  // Foreign keys over it can stay: both types compare with each other.
  bool keeps_references = false;
};

// Types as DDL writes them ("varchar(200)", "integer[]"); `column` is an
// expression. Nothing where values of one cannot become the other's without loss.
std::optional<TypeChange> ChangeOfType(std::string_view from, std::string_view to,
                                       const std::string& column);

// Whether a server that knows the narrow type can serve a column of the wide one.
bool IsWidened(std::string_view narrow, std::string_view wide);

}  // namespace dataservice::schema
