// PostgreSQL's text output -> wire bytes.
#pragma once

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/message.h>

#include <string_view>

#include "contract/column.h"

namespace dataservice {

// Writes the wire bytes of a column's field, tag included, for the text of a
// value that is not NULL. An implicit-presence zero writes nothing. `prototype`
// is the resource's message, which jsonb needs. False for a value that the
// field cannot hold: something wrote it past the contract.
bool WriteField(const Column& column, std::string_view text,
                const google::protobuf::Message& prototype,
                google::protobuf::io::CodedOutputStream& out);

}  // namespace dataservice
