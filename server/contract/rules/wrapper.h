// The messages of google/protobuf/wrappers.proto, which hold one scalar each.
#pragma once

#include <google/protobuf/descriptor.h>

namespace dataservice {

inline bool IsWrapper(const google::protobuf::Descriptor& message) {
  return message.well_known_type() >= google::protobuf::Descriptor::WELLKNOWNTYPE_DOUBLEVALUE &&
         message.well_known_type() <= google::protobuf::Descriptor::WELLKNOWNTYPE_BOOLVALUE;
}

// The field that holds the field's value, or that of one of its elements: the wrapper's field
// `value` if its type is a wrapper, otherwise the field itself.
inline const google::protobuf::FieldDescriptor& UnwrappedField(
    const google::protobuf::FieldDescriptor& field) {
  const google::protobuf::Descriptor* message = field.message_type();
  return message != nullptr && IsWrapper(*message) ? *message->field(0) : field;
}

}  // namespace dataservice
