#include "schema/model/claim_table.h"

#include "contract/claims.h"
#include "schema/model/own_table.h"

namespace dataservice::schema {

SchemaTable ClaimTable(const std::string& schema) {
  SchemaTable table = OwnTable(schema, kClaimTable)
                          .Add("request_id", "text")
                          .Add("digest", "bytea")
                          .Add("answer", "jsonb")
                          .Add("create_time", "timestamptz", "now()")
                          .PrimaryKey("request_id")
                          .Index("create_time")
                          .table;
  // Claims are never updated, and only the caller may see a response.
  table.app_rights = "SELECT, INSERT, DELETE";
  table.reader_rights = "";
  return table;
}

}  // namespace dataservice::schema
