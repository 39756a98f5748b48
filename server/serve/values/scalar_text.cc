#include "serve/values/scalar_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "contract/rules/string_formats.h"
#include "postgres/literals.h"
#include "postgres/number_text.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A singular field, or an element of a repeated one.
struct Place {
  const Message& message;
  const FieldDescriptor& field;
  int index = -1;  // -1: singular

  // Calls the getter of Reflection that fits.
  template <typename Value>
  Value Get(Value (Reflection::*singular)(const Message&, const FieldDescriptor*) const,
            Value (Reflection::*repeated)(const Message&, const FieldDescriptor*, int)
                const) const {
    const Reflection& reflection = *message.GetReflection();
    return index < 0 ? (reflection.*singular)(message, &field)
                     : (reflection.*repeated)(message, &field, index);
  }
};

bool AppendBoolean(const Place& place, std::string& out, std::string&) {
  out += place.Get(&Reflection::GetBool, &Reflection::GetRepeatedBool) ? 't' : 'f';
  return true;
}

bool AppendInteger(const Place& place, std::string& out, std::string&) {
  switch (place.field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      AppendNumber(place.Get(&Reflection::GetInt32, &Reflection::GetRepeatedInt32), out);
      return true;
    case FieldDescriptor::CPPTYPE_INT64:
      AppendNumber(place.Get(&Reflection::GetInt64, &Reflection::GetRepeatedInt64), out);
      return true;
    case FieldDescriptor::CPPTYPE_UINT32:
      AppendNumber(place.Get(&Reflection::GetUInt32, &Reflection::GetRepeatedUInt32), out);
      return true;
    case FieldDescriptor::CPPTYPE_UINT64:
      AppendNumber(place.Get(&Reflection::GetUInt64, &Reflection::GetRepeatedUInt64), out);
      return true;
    default:
      return false;  // no column of integers has another field
  }
}

bool AppendReal(const Place& place, std::string& out, std::string&) {
  AppendNumber(place.Get(&Reflection::GetFloat, &Reflection::GetRepeatedFloat), out);
  return true;
}

bool AppendDouble(const Place& place, std::string& out, std::string&) {
  AppendNumber(place.Get(&Reflection::GetDouble, &Reflection::GetRepeatedDouble), out);
  return true;
}

bool AppendEnum(const Place& place, std::string& out, std::string& problem) {
  const int number = place.Get(&Reflection::GetEnumValue, &Reflection::GetRepeatedEnumValue);
  if (place.field.enum_type()->FindValueByNumber(number) == nullptr) {
    problem = absl::StrCat("value must be one of the enum's, and ", number, " is not");
    return false;
  }
  AppendNumber(number, out);
  return true;
}

// Strings and bytes.
template <auto AppendBytes>
bool AppendString(const Place& place, std::string& out, std::string& problem) {
  const Reflection& reflection = *place.message.GetReflection();
  std::string scratch;
  const std::string& text =
      place.index < 0 ? reflection.GetStringReference(place.message, &place.field, &scratch)
                      : reflection.GetRepeatedStringReference(place.message, &place.field,
                                                              place.index, &scratch);
  return AppendBytes(text, out, problem);
}

bool AppendText(const std::string& text, std::string& out, std::string& problem) {
  if (text.find('\0') != std::string::npos) {
    problem = "value must not contain a NUL character";
    return false;
  }
  out += text;
  return true;
}

bool AppendUuid(const std::string& text, std::string& out, std::string& problem) {
  if (!rules::IsUuid(text)) {
    problem = "value must be a valid UUID";
    return false;
  }
  for (const char c : text) out.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
  return true;
}

bool AppendBytes(const std::string& bytes, std::string& out, std::string&) {
  out += "\\x";
  out += absl::BytesToHexString(bytes);
  return true;
}

template <auto Append>
bool AppendArray(const Message& message, const FieldDescriptor& field, const Column& column,
                 std::string& out, std::string& problem) {
  ArrayLiteral array(out, !column.traits().plain_text);
  const int count = message.GetReflection()->FieldSize(message, &field);
  std::string element;
  for (int i = 0; i < count; ++i) {
    element.clear();
    if (!Append(Place{message, field, i}, element, problem)) return false;
    array.Add(element);
  }
  array.Finish();
  return true;
}

// `Append` appends the text of one scalar.
template <auto Append>
bool Encode(const Message& message, const FieldDescriptor& field, const Column& column,
            std::string& out, std::string& problem) {
  if (column.array) return AppendArray<Append>(message, field, column, out, problem);
  if (!column.is_wrapper()) return Append(Place{message, field}, out, problem);
  const Message& wrapper = message.GetReflection()->GetMessage(message, &field);
  return Append(Place{wrapper, *column.value}, out, problem);
}

}  // namespace

bool EncodeText(const Message& message, const FieldDescriptor& field, const Column& column,
                std::string& out, std::string& problem) {
  return Encode<AppendString<AppendText>>(message, field, column, out, problem);
}

bool EncodeUuid(const Message& message, const FieldDescriptor& field, const Column& column,
                std::string& out, std::string& problem) {
  return Encode<AppendString<AppendUuid>>(message, field, column, out, problem);
}

bool EncodeBytes(const Message& message, const FieldDescriptor& field, const Column& column,
                 std::string& out, std::string& problem) {
  return Encode<AppendString<AppendBytes>>(message, field, column, out, problem);
}

bool EncodeBoolean(const Message& message, const FieldDescriptor& field, const Column& column,
                   std::string& out, std::string& problem) {
  return Encode<AppendBoolean>(message, field, column, out, problem);
}

bool EncodeInteger(const Message& message, const FieldDescriptor& field, const Column& column,
                   std::string& out, std::string& problem) {
  return Encode<AppendInteger>(message, field, column, out, problem);
}

bool EncodeReal(const Message& message, const FieldDescriptor& field, const Column& column,
                std::string& out, std::string& problem) {
  return Encode<AppendReal>(message, field, column, out, problem);
}

bool EncodeDouble(const Message& message, const FieldDescriptor& field, const Column& column,
                  std::string& out, std::string& problem) {
  return Encode<AppendDouble>(message, field, column, out, problem);
}

bool EncodeEnum(const Message& message, const FieldDescriptor& field, const Column& column,
                std::string& out, std::string& problem) {
  return Encode<AppendEnum>(message, field, column, out, problem);
}

}  // namespace dataservice
