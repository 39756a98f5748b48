#include "contract/field_lookup.h"

#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "view.h"

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

template <typename Number>
bool IsNumber(std::string_view text) {
  Number number;
  return absl::SimpleAtoi(View(text), &number) && absl::StrCat(number) == View(text);
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

bool IsMapKey(const FieldDescriptor& map, std::string_view text) {
  switch (map.message_type()->map_key()->cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return text == "true" || text == "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return IsNumber<int32_t>(text);
    case FieldDescriptor::CPPTYPE_INT64:
      return IsNumber<int64_t>(text);
    case FieldDescriptor::CPPTYPE_UINT32:
      return IsNumber<uint32_t>(text);
    case FieldDescriptor::CPPTYPE_UINT64:
      return IsNumber<uint64_t>(text);
    default:
      return text.find('\0') == std::string_view::npos;
  }
}

}  // namespace dataservice
