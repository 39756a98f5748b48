// Where the schema tool notes what it did.
#pragma once

#include <string>

#include "contract/own_tables.h"
#include "schema/model/model.h"

namespace dataservice::schema {

// The tool's own table of a schema: one row a step, written in the step's
// transaction. Identified as "(schema_history)", which no message is called.
// Readers may read it, servers have nothing to do with it.
SchemaTable HistoryTable(const std::string& schema);

}  // namespace dataservice::schema
