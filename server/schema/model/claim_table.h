// The table of claims as the schema tool sees it.
#pragma once

#include <string>

#include "schema/model/model.h"

namespace dataservice::schema {

// The engine's own table of a schema: what was answered to a request_id. It is
// identified as "(request_claim)", which no message is called.
SchemaTable ClaimTable(const std::string& schema);

}  // namespace dataservice::schema
