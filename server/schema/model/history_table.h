// The table in which the schema tool records its steps.
#pragma once

#include <string>

#include "contract/own_tables.h"
#include "schema/model/model.h"

namespace dataservice::schema {

// The tool's own table of a schema: one row for each step, written in the step's transaction. Its
// comment identifies it as "(schema_history)", which cannot be the name of a message. Readers
// may read it; servers do not use it.
SchemaTable HistoryTable(const std::string& schema);

}  // namespace dataservice::schema
