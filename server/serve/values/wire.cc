#include "serve/values/wire.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdint>

namespace dataservice {
namespace {

using google::protobuf::io::CodedOutputStream;
using Wire = google::protobuf::internal::WireFormatLite;

constexpr size_t kMaxVarint = 10;  // bytes of any varint

uint8_t* WriteTag(int number, uint8_t* target) {
  return CodedOutputStream::WriteVarint32ToArray(
      Wire::MakeTag(number, Wire::WIRETYPE_LENGTH_DELIMITED), target);
}

}  // namespace

void AppendField(int number, std::string_view bytes, std::string& out) {
  uint8_t head[2 * kMaxVarint];
  const uint8_t* const end =
      CodedOutputStream::WriteVarint64ToArray(bytes.size(), WriteTag(number, head));
  AppendRange(head, end, out);
  out.append(bytes);
}

void AppendVarint(int number, uint64_t value, std::string& out) {
  uint8_t bytes[kMaxNumberField];
  AppendRange(bytes, Wire::WriteUInt64ToArray(number, value, bytes), out);
}

OpenField::OpenField(int number, size_t expected, std::string& out) : out_(out) {
  uint8_t head[2 * kMaxVarint];
  const uint8_t* const tag_end = WriteTag(number, head);
  const uint8_t* const end =
      CodedOutputStream::WriteVarint64ToArray(expected, head + (tag_end - head));
  reserved_ = static_cast<size_t>(end - tag_end);
  AppendRange(head, end, out_);
  length_at_ = out_.size() - reserved_;
}

size_t OpenField::Close() {
  const size_t size = out_.size() - length_at_ - reserved_;
  uint8_t length[kMaxVarint];
  const uint8_t* const end = CodedOutputStream::WriteVarint64ToArray(size, length);
  out_.replace(length_at_, reserved_, reinterpret_cast<const char*>(length),
               static_cast<size_t>(end - length));
  return size;
}

}  // namespace dataservice
