#include "serve/values/literal.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "contract/rules/string_formats.h"
#include "postgres/text.h"
#include "serve/values/number_literal.h"

namespace dataservice {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

bool ConvertBoolean(std::string_view literal, const FieldDescriptor&, bool, std::string& value,
                    std::string& problem) {
  if (literal != "true" && literal != "false") {
    problem = "value must be true or false";
    return false;
  }
  value = literal;
  return true;
}

bool ConvertNumber(std::string_view literal, const FieldDescriptor& type, bool json,
                   std::string& value, std::string& problem) {
  switch (type.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return ConvertInteger<int32_t>(literal, value, problem);
    case FieldDescriptor::CPPTYPE_INT64:
      return ConvertInteger<int64_t>(literal, value, problem);
    case FieldDescriptor::CPPTYPE_UINT32:
      return ConvertInteger<uint32_t>(literal, value, problem);
    case FieldDescriptor::CPPTYPE_UINT64:
      return ConvertInteger<uint64_t>(literal, value, problem);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return ConvertFloat<float>(literal, json, value, problem);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return ConvertFloat<double>(literal, json, value, problem);
    default:
      return false;  // no number has another field
  }
}

bool ConvertEnum(std::string_view literal, const FieldDescriptor& type, bool json,
                 std::string& value, std::string& problem) {
  const EnumDescriptor& values = *type.enum_type();
  const EnumValueDescriptor* found = values.FindValueByName(std::string(literal));
  std::string digits;
  std::string unused;
  if (found == nullptr && ConvertInteger<int32_t>(literal, digits, unused)) {
    found = values.FindValueByNumber(std::stoi(digits));
  }
  if (found == nullptr) {
    problem = absl::StrCat("value must be the name or number of a value of ", values.full_name());
    return false;
  }
  // ProtoJSON writes the first of several names.
  value =
      json ? values.FindValueByNumber(found->number())->name() : std::to_string(found->number());
  return true;
}

bool ConvertBytes(std::string_view literal, const FieldDescriptor&, bool json, std::string& value,
                  std::string& problem) {
  std::string bytes;
  if (!absl::Base64Unescape(View(literal), &bytes) &&
      !absl::WebSafeBase64Unescape(View(literal), &bytes)) {
    problem = "value must be base64";
    return false;
  }
  value = json ? absl::Base64Escape(bytes) : absl::StrCat("\\x", absl::BytesToHexString(bytes));
  return true;
}

bool ConvertText(std::string_view literal, const FieldDescriptor&, bool, std::string& value,
                 std::string&) {
  value = literal;
  return true;
}

bool ConvertUuid(std::string_view literal, const FieldDescriptor&, bool, std::string& value,
                 std::string& problem) {
  if (!rules::IsUuid(literal)) {
    problem = "value must be a valid UUID, without wildcards";
    return false;
  }
  value = absl::AsciiStrToLower(View(literal));
  return true;
}

}  // namespace dataservice
