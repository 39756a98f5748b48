#include "schema/model/history_table.h"

#include "schema/model/own_table.h"

namespace dataservice::schema {

SchemaTable HistoryTable(const std::string& schema) {
  SchemaTable table = OwnTable(schema, kHistoryTable)
                          .Add("id", "uuid", "gen_random_uuid()")
                          .Add("apply_time", "timestamptz", "clock_timestamp()")
                          .Add("role", "text", "CURRENT_USER")
                          .Add("tool_version", "text")
                          .Add("contract_digest", "text")
                          .Add("step", "text")
                          .Add("sql", "text")
                          .PrimaryKey("id")
                          .table;
  table.app_rights = "";
  table.served = false;
  return table;
}

}  // namespace dataservice::schema
