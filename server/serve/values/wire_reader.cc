#include "serve/values/wire_reader.h"

#include <google/protobuf/wire_format_lite.h>

namespace dataservice {

using Wire = google::protobuf::internal::WireFormatLite;

WireReader::WireReader(std::string_view text)
    : text_(text),
      in_(reinterpret_cast<const uint8_t*>(text.data()), static_cast<int>(text.size())) {}

bool WireReader::Next(WireField& field) {
  while (const uint32_t tag = in_.ReadTag()) {
    field = {.number = Wire::GetTagFieldNumber(tag)};
    if (field.number == 0) return Fail();
    switch (Wire::GetTagWireType(tag)) {
      case Wire::WIRETYPE_VARINT:
        return in_.ReadVarint64(&field.value) || Fail();
      case Wire::WIRETYPE_LENGTH_DELIMITED: {
        int size = 0;
        if (!in_.ReadVarintSizeAsInt(&size)) return Fail();
        const auto begin = static_cast<size_t>(in_.CurrentPosition());
        if (!in_.Skip(size)) return Fail();
        field.has_bytes = true;
        field.bytes = text_.substr(begin, static_cast<size_t>(size));
        return true;
      }
      default:
        if (!Wire::SkipField(&in_, tag)) return Fail();
    }
  }
  return in_.ConsumedEntireMessage() ? false : Fail();
}

}  // namespace dataservice
