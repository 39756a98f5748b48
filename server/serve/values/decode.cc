#include "serve/values/decode.h"

#include <google/protobuf/wire_format_lite.h>

#include <charconv>
#include <limits>

#include "absl/strings/escaping.h"
#include "postgres/literals.h"
#include "postgres/number_text.h"
#include "postgres/time_text.h"
#include "serve/values/json_field.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using Wire = google::protobuf::internal::WireFormatLite;

constexpr size_t kMaxNumber = 16;  // bytes of a number's tag and value

template <typename Number>
bool ParseNumber(std::string_view text, Number& value) {
  if constexpr (std::is_floating_point_v<Number>) {
    if (ParseBits(text, value)) return true;
    if (text == "NaN") {
      value = std::numeric_limits<Number>::quiet_NaN();
      return true;
    }
    if (text == "Infinity" || text == "-Infinity") {
      value = std::numeric_limits<Number>::infinity();
      if (text[0] == '-') value = -value;
      return true;
    }
  }
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && read == end;
}

void Append(const uint8_t* begin, const uint8_t* end, std::string& out) {
  out.append(reinterpret_cast<const char*>(begin), static_cast<size_t>(end - begin));
}

// Writes a number with its tag, or without (packed).
template <typename Number>
bool WriteNumber(std::string_view text, bool tagged, int number, std::string& out,
                 uint8_t* (*write)(int, Number, uint8_t*),
                 uint8_t* (*write_bare)(Number, uint8_t*)) {
  Number value;
  if (!ParseNumber(text, value)) return false;
  uint8_t bytes[kMaxNumber];
  Append(bytes, tagged ? write(number, value, bytes) : write_bare(value, bytes), out);
  return true;
}

bool IsOctal(char c, char most) { return c >= '0' && c <= most; }

// Both of PostgreSQL's formats (bytea_output): "\x01ff", and "\001\377", where a
// backslash is "\\" and what can be printed is itself.
bool ByteaValue(std::string_view text, std::string& bytes) {
  if (text.starts_with("\\x")) {
    bytes = absl::HexStringToBytes(absl::string_view(text.data() + 2, text.size() - 2));
    return true;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      bytes += text[++i];
    } else if (i + 3 < text.size() && IsOctal(text[i + 1], '3') && IsOctal(text[i + 2], '7') &&
               IsOctal(text[i + 3], '7')) {
      bytes +=
          static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + text[i + 3] - '0');
      i += 3;
    } else {
      return false;
    }
  }
  return true;
}

// One scalar of the field's type.
bool WriteScalar(const FieldDescriptor& field, int number, std::string_view text, bool tagged,
                 std::string& out) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL: {
      uint8_t bytes[kMaxNumber];
      Append(bytes,
             tagged ? Wire::WriteBoolToArray(number, text == "t", bytes)
                    : Wire::WriteBoolNoTagToArray(text == "t", bytes),
             out);
      return true;
    }
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_ENUM:
      return WriteNumber<int32_t>(text, tagged, number, out, Wire::WriteInt32ToArray,
                                  Wire::WriteInt32NoTagToArray);
    case FieldDescriptor::TYPE_SINT32:
      return WriteNumber<int32_t>(text, tagged, number, out, Wire::WriteSInt32ToArray,
                                  Wire::WriteSInt32NoTagToArray);
    case FieldDescriptor::TYPE_SFIXED32:
      return WriteNumber<int32_t>(text, tagged, number, out, Wire::WriteSFixed32ToArray,
                                  Wire::WriteSFixed32NoTagToArray);
    case FieldDescriptor::TYPE_INT64:
      return WriteNumber<int64_t>(text, tagged, number, out, Wire::WriteInt64ToArray,
                                  Wire::WriteInt64NoTagToArray);
    case FieldDescriptor::TYPE_SINT64:
      return WriteNumber<int64_t>(text, tagged, number, out, Wire::WriteSInt64ToArray,
                                  Wire::WriteSInt64NoTagToArray);
    case FieldDescriptor::TYPE_SFIXED64:
      return WriteNumber<int64_t>(text, tagged, number, out, Wire::WriteSFixed64ToArray,
                                  Wire::WriteSFixed64NoTagToArray);
    case FieldDescriptor::TYPE_UINT32:
      return WriteNumber<uint32_t>(text, tagged, number, out, Wire::WriteUInt32ToArray,
                                   Wire::WriteUInt32NoTagToArray);
    case FieldDescriptor::TYPE_FIXED32:
      return WriteNumber<uint32_t>(text, tagged, number, out, Wire::WriteFixed32ToArray,
                                   Wire::WriteFixed32NoTagToArray);
    case FieldDescriptor::TYPE_UINT64:
      return WriteNumber<uint64_t>(text, tagged, number, out, Wire::WriteUInt64ToArray,
                                   Wire::WriteUInt64NoTagToArray);
    case FieldDescriptor::TYPE_FIXED64:
      return WriteNumber<uint64_t>(text, tagged, number, out, Wire::WriteFixed64ToArray,
                                   Wire::WriteFixed64NoTagToArray);
    case FieldDescriptor::TYPE_FLOAT:
      return WriteNumber<float>(text, tagged, number, out, Wire::WriteFloatToArray,
                                Wire::WriteFloatNoTagToArray);
    case FieldDescriptor::TYPE_DOUBLE:
      return WriteNumber<double>(text, tagged, number, out, Wire::WriteDoubleToArray,
                                 Wire::WriteDoubleNoTagToArray);
    case FieldDescriptor::TYPE_STRING:
      AppendField(number, text, out);
      return true;
    case FieldDescriptor::TYPE_BYTES: {
      std::string bytes;
      if (!ByteaValue(text, bytes)) return false;
      AppendField(number, bytes, out);
      return true;
    }
    case FieldDescriptor::TYPE_MESSAGE:
    case FieldDescriptor::TYPE_GROUP:
      return false;
  }
  return false;
}

template <typename Reader>
bool WriteElements(const FieldDescriptor& field, Reader array, std::string& out) {
  std::string element;
  if (!field.is_packed()) {
    while (array.Next(element)) {
      if (!WriteScalar(field, field.number(), element, true, out)) return false;
    }
    return array.ok();
  }
  if (!array.Next(element)) return array.ok();
  OpenField packed(field.number(), 0, out);
  do {
    if (!WriteScalar(field, field.number(), element, false, out)) return false;
  } while (array.Next(element));
  packed.Close();
  return array.ok();
}

bool WriteArray(const FieldDescriptor& field, std::string_view text, std::string& out) {
  return text.starts_with('{') ? WriteElements(field, ArrayReader(text), out)
                               : WriteElements(field, BinaryArrayReader(text), out);
}

// Appends the message of two numbers that stand in fields 1 and 2.
void AppendTime(int64_t seconds, int32_t nanos, std::string& out) {
  uint8_t bytes[2 * kMaxNumber];
  uint8_t* end = bytes;
  if (seconds != 0) end = Wire::WriteInt64ToArray(1, seconds, end);
  if (nanos != 0) end = Wire::WriteInt32ToArray(2, nanos, end);
  Append(bytes, end, out);
}

bool IsZeroText(const FieldDescriptor& field, std::string_view text) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return text.empty() || (field.type() == FieldDescriptor::TYPE_BYTES && text == "\\x");
    case FieldDescriptor::CPPTYPE_BOOL:
      return text == "f";
    case FieldDescriptor::CPPTYPE_FLOAT:
      return text == "00000000" || text == "0";
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return text == "0000000000000000" || text == "0";
    default:
      return text == "0";
  }
}

// Appends the bytes of a message that is one column.
bool AppendMessage(const Column& column, std::string_view text, std::string& out) {
  if (column.type == ColumnType::kTimestamp) {
    Instant time;
    if (!ParseTimestamp(text, time)) return false;
    AppendTime(time.seconds, time.nanos, out);
    return true;
  }
  if (column.type == ColumnType::kInterval) {
    int64_t seconds;
    int32_t nanos;
    if (!ParseInterval(text, seconds, nanos)) return false;
    AppendTime(seconds, nanos, out);
    return true;
  }
  if (column.type == ColumnType::kDate) {
    int year, month, day;
    if (!ParseDate(text, year, month, day)) return false;
    uint8_t bytes[3 * kMaxNumber];
    uint8_t* end = Wire::WriteInt32ToArray(1, year, bytes);
    end = Wire::WriteInt32ToArray(2, month, end);
    Append(bytes, Wire::WriteInt32ToArray(3, day, end), out);
    return true;
  }
  // A wrapper: its value, where not zero, is field 1.
  const FieldDescriptor& value = *column.field->message_type()->FindFieldByNumber(1);
  if (IsZeroText(value, text)) return true;
  return WriteScalar(value, 1, text, true, out);
}

template <typename Number>
std::string NumberText(std::string_view output) {
  Number value;
  std::string out;
  if (ParseNumber(output, value)) AppendNumber(value, out);
  return out;
}

}  // namespace

std::string InputText(const Column& column, std::string_view output) {
  if (column.type == ColumnType::kReal) return NumberText<float>(output);
  if (column.type == ColumnType::kDouble) return NumberText<double>(output);
  if (column.type != ColumnType::kInterval) return std::string(output);
  int64_t seconds;
  int32_t nanos;
  std::string out;
  if (ParseInterval(output, seconds, nanos)) AppendInterval(seconds, nanos, out);
  return out;
}

bool WriteField(const Column& column, std::string_view text,
                const google::protobuf::Message& prototype,
                const std::vector<std::string>& sub_fields, std::string& out) {
  const FieldDescriptor& field = *column.field;
  if (column.type == ColumnType::kJsonb) {
    return AppendWireOfFieldJson(prototype, field, text, sub_fields, out);
  }
  if (column.array) return WriteArray(field, text, out);
  if (!field.has_presence() && IsZeroText(field, text)) return true;
  if (field.type() != FieldDescriptor::TYPE_MESSAGE) {
    return WriteScalar(field, field.number(), text, true, out);
  }
  OpenField message(field.number(), 0, out);
  if (!AppendMessage(column, text, out)) return false;
  message.Close();
  return true;
}

}  // namespace dataservice
