// Values of a statement's result (postgres/text.h, OutputExpression) -> wire bytes. Values from
// claims may have been stored by an older server, as PostgreSQL's text of their type.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

#include "contract/column.h"

namespace dataservice {

// Appends the wire bytes of a column's field, including the tag, for the text of a value that is
// not NULL. Appends nothing for the zero of a field without presence. `prototype` is the
// resource's message, which jsonb needs. If `sub_fields` ("part.name", relative to `prototype`) is
// not empty, only these fields of a stored message are appended. Returns false for a value that
// the field cannot hold, which another writer stored; `out` is then not a complete message.
bool WriteField(const Column& column, std::string_view text,
                const google::protobuf::Message& prototype,
                const std::vector<std::string>& sub_fields, std::string& out);

// Returns the text that PostgreSQL reads as the value that a result has as `output`; empty for a
// value that the field cannot hold. The column is not an array.
std::string InputText(const Column& column, std::string_view output);

}  // namespace dataservice
