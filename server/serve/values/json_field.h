// One field of a message as ProtoJSON, for jsonb columns.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

// Appends the field's value as ProtoJSON; the field is set, or repeated.
// False where ProtoJSON cannot express it (a Timestamp out of range inside, too many
// levels) or would not give it back unchanged (an Any of a ListValue), with the reason in
// `problem`. What else would change is refused before (contract/rules/documented.h).
bool AppendFieldJson(const google::protobuf::Message& message,
                     const google::protobuf::FieldDescriptor& field, std::string& out,
                     std::string& problem);

// Reads the ProtoJSON of a field and appends the field's wire bytes, tags
// included. Unknown names are skipped: an older or newer contract may have
// written them. Where there are `sub_fields` ("part.name", from `prototype`
// inwards), the rest of the field is left out. False if it is not ProtoJSON of the field.
bool AppendWireOfFieldJson(const google::protobuf::Message& prototype,
                           const google::protobuf::FieldDescriptor& field, std::string_view json,
                           const std::vector<std::string>& sub_fields, std::string& out);

}  // namespace dataservice
