#include "contract/field_lookup.h"

#include <string>

#include "absl/strings/ascii.h"

namespace dataservice {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// A FieldMask's paths are in lowerCamelCase in ProtoJSON, and its parsers write
// each capital as an underscore and the small letter.
std::string MaskSpelling(const std::string& json_name) {
  std::string spelling;
  for (const char c : json_name) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c))) spelling += '_';
    spelling += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return spelling;
}

}  // namespace

const FieldDescriptor* FindField(const Descriptor& message, std::string_view name) {
  const std::string text(name);
  if (const FieldDescriptor* field = message.FindFieldByName(text)) return field;
  for (int i = 0; i < message.field_count(); ++i) {
    if (message.field(i)->json_name() == text) return message.field(i);
  }
  if (const FieldDescriptor* field = message.FindFieldByCamelcaseName(text)) return field;
  for (int i = 0; i < message.field_count(); ++i) {
    if (MaskSpelling(message.field(i)->json_name()) == text) return message.field(i);
  }
  return nullptr;
}

}  // namespace dataservice
