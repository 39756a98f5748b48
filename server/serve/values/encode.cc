#include "serve/values/encode.h"

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/type/date.pb.h"
#include "postgres/literals.h"
#include "postgres/number_text.h"
#include "postgres/time_text.h"
#include "serve/values/json_field.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool AppendEnum(const FieldDescriptor& field, int number, std::string& out, std::string& problem) {
  if (field.enum_type()->FindValueByNumber(number) == nullptr) {
    problem = absl::StrCat("value must be one of the enum's, and ", number, " is not");
    return false;
  }
  AppendNumber(number, out);
  return true;
}

bool AppendText(const std::string& text, const Column& column, std::string& out,
                std::string& problem) {
  if (column.type == ColumnType::kUuid) {
    if (!IsUuid(text)) {
      problem = "value must be a valid UUID";
      return false;
    }
    for (const char c : text) out.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    return true;
  }
  if (text.find('\0') != std::string::npos) {
    problem = "value must not contain a NUL character";
    return false;
  }
  out += text;
  return true;
}

void AppendBytes(const std::string& bytes, std::string& out) {
  out += "\\x";
  out += absl::BytesToHexString(bytes);
}

// Appends one scalar: a singular field, or element `i` of a repeated one.
bool AppendScalar(const Message& message, const FieldDescriptor& field, int i, const Column& column,
                  std::string& out, std::string& problem) {
  const Reflection& r = *message.GetReflection();
  const bool repeated = field.is_repeated();
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      out += (repeated ? r.GetRepeatedBool(message, &field, i) : r.GetBool(message, &field)) ? 't'
                                                                                             : 'f';
      return true;
    case FieldDescriptor::CPPTYPE_INT32:
      AppendNumber(repeated ? r.GetRepeatedInt32(message, &field, i) : r.GetInt32(message, &field),
                   out);
      return true;
    case FieldDescriptor::CPPTYPE_INT64:
      AppendNumber(repeated ? r.GetRepeatedInt64(message, &field, i) : r.GetInt64(message, &field),
                   out);
      return true;
    case FieldDescriptor::CPPTYPE_UINT32:
      AppendNumber(
          repeated ? r.GetRepeatedUInt32(message, &field, i) : r.GetUInt32(message, &field), out);
      return true;
    case FieldDescriptor::CPPTYPE_UINT64:
      AppendNumber(
          repeated ? r.GetRepeatedUInt64(message, &field, i) : r.GetUInt64(message, &field), out);
      return true;
    case FieldDescriptor::CPPTYPE_FLOAT:
      AppendNumber(repeated ? r.GetRepeatedFloat(message, &field, i) : r.GetFloat(message, &field),
                   out);
      return true;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      AppendNumber(
          repeated ? r.GetRepeatedDouble(message, &field, i) : r.GetDouble(message, &field), out);
      return true;
    case FieldDescriptor::CPPTYPE_ENUM:
      return AppendEnum(
          field,
          repeated ? r.GetRepeatedEnumValue(message, &field, i) : r.GetEnumValue(message, &field),
          out, problem);
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string& text = repeated
                                    ? r.GetRepeatedStringReference(message, &field, i, &scratch)
                                    : r.GetStringReference(message, &field, &scratch);
      if (field.type() == FieldDescriptor::TYPE_BYTES) {
        AppendBytes(text, out);
        return true;
      }
      return AppendText(text, column, out, problem);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
  }
  problem = "cannot be stored";
  return false;
}

bool AppendArray(const Message& message, const FieldDescriptor& field, const Column& column,
                 std::string& out, std::string& problem) {
  const bool quote = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  ArrayLiteral array(out, quote);
  const int count = message.GetReflection()->FieldSize(message, &field);
  std::string element;
  for (int i = 0; i < count; ++i) {
    element.clear();
    if (!AppendScalar(message, field, i, column, element, problem)) return false;
    array.Add(element);
  }
  array.Finish();
  return true;
}

// Reads a well-known message that may be generated or dynamic.
template <typename Known>
Known As(const Message& message) {
  Known known;
  if (message.GetDescriptor() == Known::descriptor()) {
    known.CopyFrom(message);
  } else {
    known.ParseFromString(message.SerializeAsString());
  }
  return known;
}

bool AppendTimestampField(const Message& message, std::string& out, std::string& problem) {
  const auto time = As<google::protobuf::Timestamp>(message);
  const Instant instant{time.seconds(), time.nanos()};
  if (!IsValidTimestamp(instant)) {
    problem = "value must be a time of the years 1 to 9999";
    return false;
  }
  AppendTimestamp(instant, out);
  return true;
}

bool AppendDurationField(const Message& message, std::string& out, std::string& problem) {
  const auto duration = As<google::protobuf::Duration>(message);
  if (!IsValidDuration(duration.seconds(), duration.nanos())) {
    problem = "value must be a duration of at most 315,576,000,000 seconds";
    return false;
  }
  AppendInterval(duration.seconds(), duration.nanos(), out);
  return true;
}

bool AppendDateField(const Message& message, std::string& out, std::string& problem) {
  const auto date = As<google::type::Date>(message);
  if (!AppendDate(date.year(), date.month(), date.day(), out)) {
    problem = "value must be a full date of the years 1 to 9999";
    return false;
  }
  return true;
}

// Whether an implicit-presence field has its zero value.
bool IsZero(const Message& message, const FieldDescriptor& field) {
  return !message.GetReflection()->HasField(message, &field);
}

bool Append(const Message& message, const FieldDescriptor& field, const Column& column,
            std::string& out, std::string& problem) {
  if (column.type == ColumnType::kJsonb) return AppendFieldJson(message, field, out, problem);
  if (column.array) return AppendArray(message, field, column, out, problem);
  if (field.type() != FieldDescriptor::TYPE_MESSAGE) {
    return AppendScalar(message, field, 0, column, out, problem);
  }
  const Message& inner = message.GetReflection()->GetMessage(message, &field);
  if (column.wrapper) {
    return AppendScalar(inner, *inner.GetDescriptor()->FindFieldByNumber(1), 0, column, out,
                        problem);
  }
  switch (column.type) {
    case ColumnType::kTimestamp:
      return AppendTimestampField(inner, out, problem);
    case ColumnType::kInterval:
      return AppendDurationField(inner, out, problem);
    default:
      return AppendDateField(inner, out, problem);
  }
}

}  // namespace

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !absl::ascii_isxdigit(static_cast<unsigned char>(text[i]))) {
      return false;
    }
  }
  return true;
}

bool EncodeField(const Message& message, const FieldDescriptor& field, const Column& column,
                 Values& values, std::string& problem) {
  const bool absent = field.has_presence() && !message.GetReflection()->HasField(message, &field);
  if (absent || (column.zero_is_null && IsZero(message, field))) {
    values.AddNull();
    return true;
  }
  if (Append(message, field, column, values.Begin(), problem)) {
    values.End();
    return true;
  }
  values.AddNull();
  return false;
}

void TruncateTime(Message& row, const Column& column) {
  if (column.type != ColumnType::kTimestamp && column.type != ColumnType::kInterval) return;
  const Reflection& reflection = *row.GetReflection();
  if (!reflection.HasField(row, column.field)) return;
  Message& time = *reflection.MutableMessage(&row, column.field);
  const FieldDescriptor& seconds = *time.GetDescriptor()->FindFieldByNumber(1);
  const FieldDescriptor& nanos = *time.GetDescriptor()->FindFieldByNumber(2);
  const int64_t whole = time.GetReflection()->GetInt64(time, &seconds);
  const int32_t value = time.GetReflection()->GetInt32(time, &nanos);
  const bool valid = column.type == ColumnType::kTimestamp ? IsValidTimestamp({whole, value})
                                                           : IsValidDuration(whole, value);
  // One that is not is refused as it came.
  if (valid) time.GetReflection()->SetInt32(&time, &nanos, value - value % 1000);
}

}  // namespace dataservice
