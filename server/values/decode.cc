#include "values/decode.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>

#include <charconv>
#include <limits>

#include "absl/strings/escaping.h"
#include "values/json_field.h"
#include "values/literals.h"
#include "values/time_text.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::io::CodedOutputStream;
using google::protobuf::io::StringOutputStream;
using Wire = google::protobuf::internal::WireFormatLite;

template <typename Number>
bool ParseNumber(std::string_view text, Number& value) {
  if constexpr (std::is_floating_point_v<Number>) {
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

// Writes a number with its tag, or without (packed).
template <typename Number, typename WriteTagged, typename WriteBare>
bool WriteNumber(std::string_view text, bool tagged, int number, CodedOutputStream& out,
                 WriteTagged write, WriteBare write_bare) {
  Number value;
  if (!ParseNumber(text, value)) return false;
  tagged ? write(number, value, &out) : write_bare(value, &out);
  return true;
}

bool HexValue(std::string_view text, std::string& bytes) {
  if (!text.starts_with("\\x")) return false;
  bytes = absl::HexStringToBytes(absl::string_view(text.data() + 2, text.size() - 2));
  return true;
}

// One scalar of the field's type.
bool WriteScalar(const FieldDescriptor& field, int number, std::string_view text, bool tagged,
                 CodedOutputStream& out) {
  switch (field.type()) {
    case FieldDescriptor::TYPE_BOOL:
      if (tagged) {
        Wire::WriteBool(number, text == "t", &out);
      } else {
        Wire::WriteBoolNoTag(text == "t", &out);
      }
      return true;
    case FieldDescriptor::TYPE_INT32:
    case FieldDescriptor::TYPE_ENUM:
      return WriteNumber<int32_t>(text, tagged, number, out, Wire::WriteInt32,
                                  Wire::WriteInt32NoTag);
    case FieldDescriptor::TYPE_SINT32:
      return WriteNumber<int32_t>(text, tagged, number, out, Wire::WriteSInt32,
                                  Wire::WriteSInt32NoTag);
    case FieldDescriptor::TYPE_SFIXED32:
      return WriteNumber<int32_t>(text, tagged, number, out, Wire::WriteSFixed32,
                                  Wire::WriteSFixed32NoTag);
    case FieldDescriptor::TYPE_INT64:
      return WriteNumber<int64_t>(text, tagged, number, out, Wire::WriteInt64,
                                  Wire::WriteInt64NoTag);
    case FieldDescriptor::TYPE_SINT64:
      return WriteNumber<int64_t>(text, tagged, number, out, Wire::WriteSInt64,
                                  Wire::WriteSInt64NoTag);
    case FieldDescriptor::TYPE_SFIXED64:
      return WriteNumber<int64_t>(text, tagged, number, out, Wire::WriteSFixed64,
                                  Wire::WriteSFixed64NoTag);
    case FieldDescriptor::TYPE_UINT32:
      return WriteNumber<uint32_t>(text, tagged, number, out, Wire::WriteUInt32,
                                   Wire::WriteUInt32NoTag);
    case FieldDescriptor::TYPE_FIXED32:
      return WriteNumber<uint32_t>(text, tagged, number, out, Wire::WriteFixed32,
                                   Wire::WriteFixed32NoTag);
    case FieldDescriptor::TYPE_UINT64:
      return WriteNumber<uint64_t>(text, tagged, number, out, Wire::WriteUInt64,
                                   Wire::WriteUInt64NoTag);
    case FieldDescriptor::TYPE_FIXED64:
      return WriteNumber<uint64_t>(text, tagged, number, out, Wire::WriteFixed64,
                                   Wire::WriteFixed64NoTag);
    case FieldDescriptor::TYPE_FLOAT:
      return WriteNumber<float>(text, tagged, number, out, Wire::WriteFloat, Wire::WriteFloatNoTag);
    case FieldDescriptor::TYPE_DOUBLE:
      return WriteNumber<double>(text, tagged, number, out, Wire::WriteDouble,
                                 Wire::WriteDoubleNoTag);
    case FieldDescriptor::TYPE_STRING:
      out.WriteTag(Wire::MakeTag(number, Wire::WIRETYPE_LENGTH_DELIMITED));
      out.WriteVarint32(static_cast<uint32_t>(text.size()));
      out.WriteRaw(text.data(), static_cast<int>(text.size()));
      return true;
    case FieldDescriptor::TYPE_BYTES: {
      std::string bytes;
      if (!HexValue(text, bytes)) return false;
      Wire::WriteBytes(number, bytes, &out);
      return true;
    }
    case FieldDescriptor::TYPE_MESSAGE:
    case FieldDescriptor::TYPE_GROUP:
      return false;
  }
  return false;
}

bool WriteArray(const FieldDescriptor& field, std::string_view text, CodedOutputStream& out) {
  ArrayReader array(text);
  std::string element;
  if (!field.is_packed()) {
    while (array.Next(element)) {
      if (!WriteScalar(field, field.number(), element, true, out)) return false;
    }
    return array.ok();
  }
  std::string packed;
  {
    StringOutputStream stream(&packed);
    CodedOutputStream block(&stream);
    while (array.Next(element)) {
      if (!WriteScalar(field, field.number(), element, false, block)) return false;
    }
  }
  if (!packed.empty()) Wire::WriteBytes(field.number(), packed, &out);
  return array.ok();
}

// The bytes of a message of two numbers that stand in fields 1 and 2.
std::string TimeMessage(int64_t seconds, int32_t nanos) {
  std::string bytes;
  StringOutputStream stream(&bytes);
  CodedOutputStream out(&stream);
  if (seconds != 0) Wire::WriteInt64(1, seconds, &out);
  if (nanos != 0) Wire::WriteInt32(2, nanos, &out);
  return bytes;
}

bool IsZeroText(const FieldDescriptor& field, std::string_view text) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return text.empty() || (field.type() == FieldDescriptor::TYPE_BYTES && text == "\\x");
    case FieldDescriptor::CPPTYPE_BOOL:
      return text == "f";
    default:
      return text == "0";
  }
}

bool MessageBytes(const Column& column, std::string_view text, std::string& bytes) {
  if (column.type == ColumnType::kTimestamp) {
    Instant time;
    if (!ParseTimestamp(text, time)) return false;
    bytes = TimeMessage(time.seconds, time.nanos);
    return true;
  }
  if (column.type == ColumnType::kInterval) {
    int64_t seconds;
    int32_t nanos;
    if (!ParseEpoch(text, seconds, nanos)) return false;
    bytes = TimeMessage(seconds, nanos);
    return true;
  }
  StringOutputStream stream(&bytes);
  CodedOutputStream out(&stream);
  if (column.type == ColumnType::kDate) {
    int year, month, day;
    if (!ParseDate(text, year, month, day)) return false;
    Wire::WriteInt32(1, year, &out);
    Wire::WriteInt32(2, month, &out);
    Wire::WriteInt32(3, day, &out);
    return true;
  }
  // A wrapper: its value, where not zero, is field 1.
  const FieldDescriptor& value = *column.field->message_type()->FindFieldByNumber(1);
  if (IsZeroText(value, text)) return true;
  return WriteScalar(value, 1, text, true, out);
}

}  // namespace

bool WriteField(const Column& column, std::string_view text,
                const google::protobuf::Message& prototype,
                const std::vector<std::string>& sub_fields, CodedOutputStream& out) {
  const FieldDescriptor& field = *column.field;
  std::string bytes;
  if (column.type == ColumnType::kJsonb) {
    if (!AppendWireOfFieldJson(prototype, field, text, sub_fields, bytes)) return false;
    out.WriteString(bytes);
    return true;
  }
  if (column.array) return WriteArray(field, text, out);
  if (!field.has_presence() && IsZeroText(field, text)) return true;
  if (field.type() != FieldDescriptor::TYPE_MESSAGE) {
    return WriteScalar(field, field.number(), text, true, out);
  }
  if (!MessageBytes(column, text, bytes)) return false;
  Wire::WriteBytes(field.number(), bytes, &out);
  return true;
}

}  // namespace dataservice
