#include "serve/values/scalar_wire.h"

#include <google/protobuf/wire_format_lite.h>

#include <charconv>
#include <limits>

#include "absl/strings/escaping.h"
#include "postgres/literals.h"
#include "postgres/number_text.h"
#include "postgres/text.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Wire = google::protobuf::internal::WireFormatLite;

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

// Writes a number with its tag, or without (packed).
template <typename Number>
bool WriteNumber(std::string_view text, bool tagged, int number, std::string& out,
                 uint8_t* (*write)(int, Number, uint8_t*),
                 uint8_t* (*write_bare)(Number, uint8_t*)) {
  Number value;
  if (!ParseNumber(text, value)) return false;
  uint8_t bytes[kMaxNumberField];
  AppendRange(bytes, tagged ? write(number, value, bytes) : write_bare(value, bytes), out);
  return true;
}

bool WriteInteger(const FieldDescriptor& field, std::string_view text, bool tagged,
                  std::string& out) {
  const int number = field.number();
  switch (field.type()) {
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
    default:
      return false;  // no column of integers has another field
  }
}

bool WriteReal(const FieldDescriptor& field, std::string_view text, bool tagged, std::string& out) {
  return WriteNumber<float>(text, tagged, field.number(), out, Wire::WriteFloatToArray,
                            Wire::WriteFloatNoTagToArray);
}

bool WriteDouble(const FieldDescriptor& field, std::string_view text, bool tagged,
                 std::string& out) {
  return WriteNumber<double>(text, tagged, field.number(), out, Wire::WriteDoubleToArray,
                             Wire::WriteDoubleNoTagToArray);
}

bool WriteBoolean(const FieldDescriptor& field, std::string_view text, bool tagged,
                  std::string& out) {
  uint8_t bytes[kMaxNumberField];
  AppendRange(bytes,
              tagged ? Wire::WriteBoolToArray(field.number(), text == "t", bytes)
                     : Wire::WriteBoolNoTagToArray(text == "t", bytes),
              out);
  return true;
}

bool WriteText(const FieldDescriptor& field, std::string_view text, bool, std::string& out) {
  AppendField(field.number(), text, out);
  return true;
}

bool IsOctal(char c, char most) { return c >= '0' && c <= most; }

// Both of PostgreSQL's formats (bytea_output): "\x01ff", and "\001\377", where a
// backslash is "\\" and what can be printed is itself.
bool ByteaValue(std::string_view text, std::string& bytes) {
  if (text.starts_with("\\x")) {
    bytes = absl::HexStringToBytes(View(text.substr(2)));
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

bool WriteBytes(const FieldDescriptor& field, std::string_view text, bool, std::string& out) {
  std::string bytes;
  if (!ByteaValue(text, bytes)) return false;
  AppendField(field.number(), bytes, out);
  return true;
}

// Whether a text is that of the type's zero.
bool IsZeroNumber(std::string_view text) { return text == "0"; }
bool IsZeroReal(std::string_view text) { return text == "00000000" || text == "0"; }
bool IsZeroDouble(std::string_view text) { return text == "0000000000000000" || text == "0"; }
bool IsFalse(std::string_view text) { return text == "f"; }
bool IsEmptyText(std::string_view text) { return text.empty(); }
bool IsEmptyBytes(std::string_view text) { return text.empty() || text == "\\x"; }

template <auto Write, typename Reader>
bool WriteElements(const FieldDescriptor& field, Reader array, std::string& out) {
  std::string element;
  if (!field.is_packed()) {
    while (array.Next(element)) {
      if (!Write(field, element, /*tagged=*/true, out)) return false;
    }
    return array.ok();
  }
  if (!array.Next(element)) return array.ok();
  OpenField packed(field.number(), 0, out);
  do {
    if (!Write(field, element, /*tagged=*/false, out)) return false;
  } while (array.Next(element));
  packed.Close();
  return array.ok();
}

// `Write` appends one scalar, with its tag unless it is an element of a packed field.
template <auto Write, auto IsZero>
bool Decode(const Column& column, std::string_view text, std::string& out) {
  const FieldDescriptor& field = *column.field;
  if (column.array) {
    return text.starts_with('{') ? WriteElements<Write>(field, ArrayReader(text), out)
                                 : WriteElements<Write>(field, BinaryArrayReader(text), out);
  }
  if (!column.is_wrapper()) {
    return (!field.has_presence() && IsZero(text)) || Write(field, text, /*tagged=*/true, out);
  }
  OpenField wrapper(field.number(), 0, out);
  if (!IsZero(text) && !Write(*column.value, text, /*tagged=*/true, out)) return false;
  wrapper.Close();
  return true;
}

template <typename Number>
std::string NumberInput(std::string_view output) {
  Number value;
  std::string out;
  if (ParseNumber(output, value)) AppendNumber(value, out);
  return out;
}

}  // namespace

bool DecodeText(const Column& column, std::string_view text, const Message&,
                const std::vector<std::string>&, std::string& out) {
  return Decode<WriteText, IsEmptyText>(column, text, out);
}

bool DecodeBytes(const Column& column, std::string_view text, const Message&,
                 const std::vector<std::string>&, std::string& out) {
  return Decode<WriteBytes, IsEmptyBytes>(column, text, out);
}

bool DecodeBoolean(const Column& column, std::string_view text, const Message&,
                   const std::vector<std::string>&, std::string& out) {
  return Decode<WriteBoolean, IsFalse>(column, text, out);
}

bool DecodeInteger(const Column& column, std::string_view text, const Message&,
                   const std::vector<std::string>&, std::string& out) {
  return Decode<WriteInteger, IsZeroNumber>(column, text, out);
}

bool DecodeReal(const Column& column, std::string_view text, const Message&,
                const std::vector<std::string>&, std::string& out) {
  return Decode<WriteReal, IsZeroReal>(column, text, out);
}

bool DecodeDouble(const Column& column, std::string_view text, const Message&,
                  const std::vector<std::string>&, std::string& out) {
  return Decode<WriteDouble, IsZeroDouble>(column, text, out);
}

std::string RealInput(std::string_view output) { return NumberInput<float>(output); }

std::string DoubleInput(std::string_view output) { return NumberInput<double>(output); }

}  // namespace dataservice
