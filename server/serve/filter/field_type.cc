#include "serve/filter/field_type.h"

#include "contract/rules/utf8.h"
#include "contract/rules/wrapper.h"

namespace dataservice::filter {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// In a message of the filter's problem.
constexpr size_t kMaxShown = 60;

// Of a field that is not repeated, or of an element.
Form FormOfMessage(const Descriptor& message) {
  switch (message.well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_UNSPECIFIED:
      return Form::kMessage;
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return Form::kScalar;
    case Descriptor::WELLKNOWNTYPE_STRUCT:
      return Form::kMap;
    default:
      return IsWrapper(message) ? Form::kScalar : Form::kOpaque;
  }
}

LeafType LeafOfScalar(const FieldDescriptor& field) {
  if (field.full_name() == "google.type.Decimal.value") return LeafType::kDecimal;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return LeafType::kBoolean;
    case FieldDescriptor::CPPTYPE_FLOAT:
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return LeafType::kFloat;
    case FieldDescriptor::CPPTYPE_ENUM:
      return LeafType::kEnum;
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? LeafType::kBytes : LeafType::kText;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return LeafType::kOther;
    default:
      return LeafType::kInteger;
  }
}

}  // namespace

Form FormOf(const FieldDescriptor& field, bool whole) {
  if (whole && field.is_map()) return Form::kMap;
  if (whole && field.is_repeated()) return Form::kRepeated;
  if (field.type() != FieldDescriptor::TYPE_MESSAGE) return Form::kScalar;
  return FormOfMessage(*field.message_type());
}

LeafType LeafOf(const FieldDescriptor& field, Form form) {
  if (form != Form::kScalar) return LeafType::kOther;
  if (field.type() != FieldDescriptor::TYPE_MESSAGE) return LeafOfScalar(field);
  switch (field.message_type()->well_known_type()) {
    case Descriptor::WELLKNOWNTYPE_TIMESTAMP:
      return LeafType::kTimestamp;
    case Descriptor::WELLKNOWNTYPE_DURATION:
      return LeafType::kDuration;
    default:
      return LeafOfScalar(UnwrappedField(field));
  }
}

bool HasFields(const FieldDescriptor& field) {
  const Form form = FormOf(field, /*whole=*/false);
  return form == Form::kMessage || form == Form::kMap;
}

const FieldDescriptor* MapValueField(const FieldDescriptor& field) {
  if (field.is_map()) return field.message_type()->FindFieldByNumber(2);
  // google.protobuf.Struct: map<string, Value> fields = 1
  return field.message_type()->FindFieldByNumber(1)->message_type()->FindFieldByNumber(2);
}

std::string Shortened(std::string_view text) { return rules::ShortenUtf8(text, kMaxShown); }

}  // namespace dataservice::filter
