// Which field or entry of a map a client's text names, in a mask, an order or a filter.
#pragma once

#include <google/protobuf/descriptor.h>

#include <string_view>

namespace dataservice {

// The field of `message` that `name` spells: its name, its name in ProtoJSON
// (json_name), the lowerCamelCase of its name, or what a parser of ProtoJSON
// makes of json_name in a google.protobuf.FieldMask. Null if there is none.
const google::protobuf::FieldDescriptor* FindField(const google::protobuf::Descriptor& message,
                                                   std::string_view name);

// Whether ProtoJSON writes a key of the map as `text`.
bool IsMapKey(const google::protobuf::FieldDescriptor& map, std::string_view text);

}  // namespace dataservice
