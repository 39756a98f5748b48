#include "schema/claim_table.h"

#include "absl/strings/str_cat.h"
#include "contract/claims.h"
#include "sql/claim.h"

namespace dataservice {

SchemaTable ClaimTable(const std::string& schema) {
  const std::string name(kClaimTable);
  SchemaTable table;
  table.schema = schema;
  table.name = name;
  table.comment = OwnComment(absl::StrCat("(", name, ")"));
  int number = 0;
  const auto add = [&](const std::string& column, const std::string& type) -> SchemaColumn& {
    table.columns.push_back(
        {.name = column,
         .type = type,
         .collation = type == "text" ? "C" : "",
         .not_null = true,
         .default_value = "",
         .comment = OwnComment(absl::StrCat("(", name, ").", column, " = ", ++number))});
    return table.columns.back();
  };
  add("request_id", "text");
  add("digest", "bytea");
  add("answer", "jsonb");
  add("create_time", "timestamptz").default_value = "now()";
  table.constraints.push_back(
      {.name = absl::StrCat(name, "_pkey"), .definition = "PRIMARY KEY (request_id)"});
  const std::string index = absl::StrCat(name, "_create_time_idx");
  table.indexes.push_back({.name = index,
                           .definition = absl::StrCat("INDEX ", index, " ON ",
                                                      ClaimTableName(schema), " (create_time)")});
  // Claims are never changed, and answers are nobody's business but the caller's.
  table.app_rights = "SELECT, INSERT, DELETE";
  table.reader_rights = "";
  return table;
}

}  // namespace dataservice
