#include "schema/model/own_table.h"

#include "absl/strings/str_cat.h"
#include "schema/model/identity.h"

namespace dataservice::schema {

OwnTable::OwnTable(const std::string& schema, std::string_view name) {
  table.schema = schema;
  table.name = std::string(name);
  table.comment = OwnComment(absl::StrCat("(", table.name, ")"));
}

OwnTable& OwnTable::Add(const std::string& column, const std::string& type,
                        const std::string& default_value) {
  const size_t number = table.columns.size() + 1;
  table.columns.push_back(
      {.name = column,
       .type = type,
       .collation = type == "text" ? "C" : "",
       .not_null = true,
       .default_value = default_value,
       .comment = OwnComment(absl::StrCat("(", table.name, ").", column, " = ", number))});
  return *this;
}

OwnTable& OwnTable::PrimaryKey(const std::string& column) {
  table.constraints.push_back(
      {.name = absl::StrCat(table.name, "_pkey"), .definition = schema::PrimaryKey{{column}}});
  return *this;
}

OwnTable& OwnTable::Index(const std::string& column) {
  table.indexes.push_back({.name = absl::StrCat(table.name, "_", column, "_idx"),
                           .definition = schema::Index{{column}}});
  return *this;
}

}  // namespace dataservice::schema
