#include "serve/json/json_types.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "contract/computed.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Field numbers below it are found in a table.
constexpr int kTableSize = 1024;

JsonForm FormOf(const Descriptor& message) {
  static const auto* const forms = new std::map<std::string, JsonForm>{
      {"google.protobuf.Any", JsonForm::kAny},
      {"google.protobuf.BoolValue", JsonForm::kWrapper},
      {"google.protobuf.BytesValue", JsonForm::kWrapper},
      {"google.protobuf.DoubleValue", JsonForm::kWrapper},
      {"google.protobuf.Duration", JsonForm::kDuration},
      {"google.protobuf.FieldMask", JsonForm::kFieldMask},
      {"google.protobuf.FloatValue", JsonForm::kWrapper},
      {"google.protobuf.Int32Value", JsonForm::kWrapper},
      {"google.protobuf.Int64Value", JsonForm::kWrapper},
      {"google.protobuf.ListValue", JsonForm::kListValue},
      {"google.protobuf.StringValue", JsonForm::kWrapper},
      {"google.protobuf.Struct", JsonForm::kStruct},
      {"google.protobuf.Timestamp", JsonForm::kTimestamp},
      {"google.protobuf.UInt32Value", JsonForm::kWrapper},
      {"google.protobuf.UInt64Value", JsonForm::kWrapper},
      {"google.protobuf.Value", JsonForm::kValue},
  };
  const auto found = forms->find(message.full_name());
  return found == forms->end() ? JsonForm::kObject : found->second;
}

std::string ZeroOf(const FieldDescriptor& field) {
  if (field.is_map()) return "{}";
  if (field.is_repeated()) return "[]";
  if (field.has_presence()) return "";
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return "\"\"";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "false";
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT64:
      return "\"0\"";
    case FieldDescriptor::CPPTYPE_ENUM:
      if (field.enum_type()->full_name() == "google.protobuf.NullValue") return "null";
      return absl::StrCat("\"", field.default_value_enum()->name(), "\"");
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  return "0";
}

JsonField FieldOf(const FieldDescriptor& field) {
  JsonField out;
  out.field = &field;
  out.key = absl::StrCat("\"", field.json_name(), "\":");
  out.value = field.is_map() ? field.message_type()->map_value() : &field;
  out.wire_type = WireTypeOf(field);
  out.presence = field.has_presence();
  out.computed = IsComputed(field);
  if (const auto* oneof = field.real_containing_oneof()) out.oneof = oneof->index();
  out.zero = ZeroOf(field);
  return out;
}

}  // namespace

WireType WireTypeOf(const FieldDescriptor& field) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_FIXED32:
    case FieldDescriptor::TYPE_SFIXED32:
    case FieldDescriptor::TYPE_FLOAT:
      return WireType::kFixed32;
    case FieldDescriptor::TYPE_FIXED64:
    case FieldDescriptor::TYPE_SFIXED64:
    case FieldDescriptor::TYPE_DOUBLE:
      return WireType::kFixed64;
    case FieldDescriptor::TYPE_STRING:
    case FieldDescriptor::TYPE_BYTES:
    case FieldDescriptor::TYPE_MESSAGE:
      return WireType::kBytes;
    case FieldDescriptor::TYPE_GROUP:
      return WireType::kStartGroup;
    case FieldDescriptor::TYPE_BOOL:
    case FieldDescriptor::TYPE_ENUM:
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_INT64:
    case FieldDescriptor::TYPE_SINT32:
    case FieldDescriptor::TYPE_SINT64:
    case FieldDescriptor::TYPE_UINT32:
    case FieldDescriptor::TYPE_UINT64:
      break;
  }
  return WireType::kVarint;
}

int JsonType::Find(int number) const {
  if (number < static_cast<int>(by_number.size())) return by_number[static_cast<size_t>(number)];
  if (by_large_number.empty()) return -1;
  const auto found = by_large_number.find(number);
  return found == by_large_number.end() ? -1 : found->second;
}

const JsonType& JsonTypes::Get(const Descriptor& message) {
  absl::MutexLock lock(&mutex_);
  return Make(message);
}

JsonType& JsonTypes::Make(const Descriptor& message) {
  std::unique_ptr<JsonType>& entry = types_[&message];
  if (entry != nullptr) return *entry;
  entry = std::make_unique<JsonType>();
  JsonType& type = *entry;  // `entry` itself may move
  type.message = &message;
  type.form = FormOf(message);
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    JsonField made = FieldOf(field);
    if (const Descriptor* inner = made.value->message_type()) made.message = &Make(*inner);
    type.fields.push_back(std::move(made));
    if (field.number() >= kTableSize) {
      type.by_large_number.emplace(field.number(), i);
      continue;
    }
    const auto number = static_cast<size_t>(field.number());
    if (type.by_number.size() <= number) type.by_number.resize(number + 1, -1);
    type.by_number[number] = i;
  }
  return type;
}

}  // namespace dataservice
