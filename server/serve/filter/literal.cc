#include "serve/filter/literal.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "contract/rules/documented.h"
#include "serve/filter/number_literal.h"
#include "serve/filter/time_literal.h"
#include "serve/values/encode.h"

namespace dataservice::filter {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;

ValueType TypeOfColumn(ColumnType type) {
  switch (type) {
    case ColumnType::kUuid:
      return ValueType::kUuid;
    case ColumnType::kBoolean:
      return ValueType::kBoolean;
    case ColumnType::kInteger:
    case ColumnType::kBigint:
    case ColumnType::kNumeric:
      return ValueType::kInteger;
    case ColumnType::kReal:
    case ColumnType::kDouble:
      return ValueType::kFloat;
    case ColumnType::kBytea:
      return ValueType::kBytes;
    case ColumnType::kEnum:
      return ValueType::kEnum;
    case ColumnType::kTimestamp:
      return ValueType::kTimestamp;
    case ColumnType::kInterval:
      return ValueType::kDuration;
    case ColumnType::kDate:
      return ValueType::kDate;
    case ColumnType::kText:
    case ColumnType::kJsonb:
      break;
  }
  return ValueType::kText;
}

bool ConvertUuid(const Word& word, std::string& value, std::string& problem) {
  if (!IsUuid(word.text)) {
    problem = "value must be a valid UUID, without wildcards";
    return false;
  }
  value = absl::AsciiStrToLower(word.text);
  return true;
}

bool ConvertBoolean(const Word& word, std::string& value, std::string& problem) {
  if (word.text != "true" && word.text != "false") {
    problem = "value must be true or false";
    return false;
  }
  value = word.text;
  return true;
}

bool ConvertEnum(const Member& member, const Word& word, std::string& value, std::string& problem) {
  const EnumDescriptor& type = *member.field->enum_type();
  const EnumValueDescriptor* found = type.FindValueByName(word.text);
  std::string digits;
  std::string unused;
  if (found == nullptr && ConvertInteger<int32_t>(word.text, digits, unused)) {
    found = type.FindValueByNumber(std::stoi(digits));
  }
  if (found == nullptr) {
    problem = absl::StrCat("value must be the name or number of a value of ", type.full_name());
    return false;
  }
  // ProtoJSON writes the first of several names.
  value = member.inside_json() ? type.FindValueByNumber(found->number())->name()
                               : std::to_string(found->number());
  return true;
}

bool ConvertBytes(const Member& member, const Word& word, std::string& value,
                  std::string& problem) {
  std::string bytes;
  if (!absl::Base64Unescape(word.text, &bytes) && !absl::WebSafeBase64Unescape(word.text, &bytes)) {
    problem = "value must be base64";
    return false;
  }
  value = member.inside_json() ? absl::Base64Escape(bytes)
                               : absl::StrCat("\\x", absl::BytesToHexString(bytes));
  return true;
}

bool ConvertDecimal(const Word& word, std::string& value, std::string& problem) {
  if (word.text.empty() || !rules::IsDecimal(word.text)) {
    problem =
        "value must be a decimal number of at most 1000 characters and an exponent of at most "
        "four digits";
    return false;
  }
  value = word.text;
  return true;
}

bool ConvertNumber(const Member& member, const Word& word, std::string& value,
                   std::string& problem) {
  switch (member.field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return ConvertInteger<int32_t>(word.text, value, problem);
    case FieldDescriptor::CPPTYPE_INT64:
      return ConvertInteger<int64_t>(word.text, value, problem);
    case FieldDescriptor::CPPTYPE_UINT32:
      return ConvertInteger<uint32_t>(word.text, value, problem);
    case FieldDescriptor::CPPTYPE_UINT64:
      return ConvertInteger<uint64_t>(word.text, value, problem);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return ConvertFloat<float>(word.text, member.inside_json(), value, problem);
    default:
      return ConvertFloat<double>(word.text, member.inside_json(), value, problem);
  }
}

}  // namespace

ValueType ValueTypeOf(const Member& member) {
  switch (member.comparison.leaf) {
    case LeafType::kColumn:
      return TypeOfColumn(member.column->type);
    case LeafType::kBoolean:
      return ValueType::kBoolean;
    case LeafType::kInteger:
      return ValueType::kInteger;
    case LeafType::kFloat:
      return ValueType::kFloat;
    case LeafType::kDecimal:
      return ValueType::kDecimal;
    case LeafType::kEnum:
      return ValueType::kEnum;
    case LeafType::kBytes:
      return ValueType::kBytes;
    case LeafType::kTimestamp:
      return ValueType::kTimestamp;
    case LeafType::kDuration:
      return ValueType::kDuration;
    case LeafType::kText:
    case LeafType::kOther:
      break;
  }
  return ValueType::kText;
}

bool IsOrdered(ValueType type) {
  return type != ValueType::kBoolean && type != ValueType::kEnum && type != ValueType::kBytes;
}

bool ConvertLiteral(const Member& member, const Word& word, std::string& value,
                    std::string& problem) {
  switch (ValueTypeOf(member)) {
    case ValueType::kText:
      value = word.text;
      return true;
    case ValueType::kUuid:
      return ConvertUuid(word, value, problem);
    case ValueType::kBoolean:
      return ConvertBoolean(word, value, problem);
    case ValueType::kInteger:
    case ValueType::kFloat:
      return ConvertNumber(member, word, value, problem);
    case ValueType::kDecimal:
      return ConvertDecimal(word, value, problem);
    case ValueType::kEnum:
      return ConvertEnum(member, word, value, problem);
    case ValueType::kBytes:
      return ConvertBytes(member, word, value, problem);
    case ValueType::kTimestamp:
      return ConvertTimestamp(word.text, member.inside_json(), value, problem);
    case ValueType::kDuration:
      return ConvertDuration(word.text, member.inside_json(), value, problem);
    case ValueType::kDate:
      return ConvertDate(word.text, value, problem);
  }
  return false;
}

}  // namespace dataservice::filter
