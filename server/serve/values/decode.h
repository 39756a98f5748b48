// What a statement's result has (postgres/text.h, OutputExpression) -> wire bytes. Values that
// claims hold may be of an older server, in PostgreSQL's text of their type.
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

// The text that PostgreSQL reads as the value of a column that a result has as `output`;
// empty for one that the field cannot hold. Of a column that is no array.
std::string InputText(const Column& column, std::string_view output);

}  // namespace dataservice
