// One field of a message as ProtoJSON, for jsonb columns.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

// Appends the value of a field that is set, or repeated, as ProtoJSON. Returns false, with the
// reason in `problem`, if ProtoJSON cannot express the value (a Timestamp out of range inside, too
// many levels) or parsing it would give another value (an Any of a ListValue). The rules reject
// all other values that would change (contract/rules/documented.h).
bool AppendFieldJson(const google::protobuf::Message& message,
                     const google::protobuf::FieldDescriptor& field, std::string& out,
                     std::string& problem);

// Parses the ProtoJSON of a field and appends the field's wire bytes, including tags. Ignores
// unknown names, which an older or newer contract may have written. If `sub_fields` ("part.name",
// relative to `prototype`) is not empty, only these fields are appended. Returns false for a text
// that is not ProtoJSON of the field.
bool AppendWireOfFieldJson(const google::protobuf::Message& prototype,
                           const google::protobuf::FieldDescriptor& field, std::string_view json,
                           const std::vector<std::string>& sub_fields, std::string& out);

}  // namespace dataservice
