// The table of claimed request_ids, as part of the schema.
#pragma once

#include <string>

#include "schema/model/model.h"

namespace dataservice::schema {

// The engine's own table of a schema: the responses to request_ids. Its comment identifies it as
// "(request_claim)", which cannot be the name of a message.
SchemaTable ClaimTable(const std::string& schema);

}  // namespace dataservice::schema
