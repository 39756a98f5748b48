// PostgreSQL's text output -> wire bytes.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

#include "contract/column.h"

namespace dataservice {

// Appends the wire bytes of a column's field, tag included, for the text of a
// value that is not NULL. An implicit-presence zero writes nothing. `prototype`
// is the resource's message, which jsonb needs. Of a stored message only
// `sub_fields` are written, "part.name", from `prototype` inwards; all if there are
// none. False for a value that the
// field cannot hold, and `out` is no message then: something wrote it past the contract.
bool WriteField(const Column& column, std::string_view text,
                const google::protobuf::Message& prototype,
                const std::vector<std::string>& sub_fields, std::string& out);

}  // namespace dataservice
