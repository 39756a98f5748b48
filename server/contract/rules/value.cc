#include "contract/rules/value.h"

#include <vector>

namespace dataservice::rules {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Strings are read by reference. Reflection uses `scratch` only for representations without a
// std::string, which open-source Protobuf 3.21 does not have (it ignores ctype).
Value ReadField(const Message& message, const Reflection* reflection,
                const FieldDescriptor* field) {
  Value value;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      value.i = reflection->GetInt32(message, field);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      value.i = reflection->GetInt64(message, field);
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      value.u = reflection->GetUInt32(message, field);
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      value.u = reflection->GetUInt64(message, field);
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      value.d = reflection->GetDouble(message, field);
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
      value.d = reflection->GetFloat(message, field);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      value.i = reflection->GetBool(message, field);
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      value.i = reflection->GetEnumValue(message, field);
      break;
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      value.text = reflection->GetStringReference(message, field, &scratch);
      break;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      value.message = &reflection->GetMessage(message, field);
      break;
  }
  return value;
}

Value ReadItem(const Message& message, const Reflection* reflection, const FieldDescriptor* field,
               int index) {
  Value value;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      value.i = reflection->GetRepeatedInt32(message, field, index);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      value.i = reflection->GetRepeatedInt64(message, field, index);
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      value.u = reflection->GetRepeatedUInt32(message, field, index);
      break;
    case FieldDescriptor::CPPTYPE_UINT64:
      value.u = reflection->GetRepeatedUInt64(message, field, index);
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      value.d = reflection->GetRepeatedDouble(message, field, index);
      break;
    case FieldDescriptor::CPPTYPE_FLOAT:
      value.d = reflection->GetRepeatedFloat(message, field, index);
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      value.i = reflection->GetRepeatedBool(message, field, index);
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      value.i = reflection->GetRepeatedEnumValue(message, field, index);
      break;
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      value.text = reflection->GetRepeatedStringReference(message, field, index, &scratch);
      break;
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      value.message = &reflection->GetRepeatedMessage(message, field, index);
      break;
  }
  return value;
}

bool IsSet(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0
                              : reflection->HasField(message, field);
}

bool IsZero(const Value& value, const FieldDescriptor* field) {
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return value.text.empty();
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return value.d == 0;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const Reflection* reflection = value.message->GetReflection();
      std::vector<const FieldDescriptor*> set;
      reflection->ListFields(*value.message, &set);
      return set.empty() && reflection->GetUnknownFields(*value.message).empty();
    }
    default:
      return value.u == 0;
  }
}

absl::int128 Nanoseconds(const Message& time) {
  const google::protobuf::Descriptor* type = time.GetDescriptor();
  const Reflection* reflection = time.GetReflection();
  return absl::int128(reflection->GetInt64(time, type->field(0))) * 1'000'000'000 +
         reflection->GetInt32(time, type->field(1));
}

}  // namespace dataservice::rules
