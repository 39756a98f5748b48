// Appends Protobuf's wire format to a string. Responses are built with it, without a stream for
// each row and a copy of each message
// (https://protobuf.dev/programming-guides/encoding).
#pragma once

#include <google/protobuf/wire_format_lite.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dataservice {

// Bytes of a number's tag and value at most.
inline constexpr size_t kMaxNumberField = 16;

inline void AppendRange(const uint8_t* begin, const uint8_t* end, std::string& out) {
  out.append(reinterpret_cast<const char*>(begin), static_cast<size_t>(end - begin));
}

// Appends a string, bytes or message field.
void AppendField(int number, std::string_view bytes, std::string& out);

// Appends a field of a type of unsigned integer, or of int64 as its two's complement.
void AppendVarint(int number, uint64_t value, std::string& out);

// Appends the fields 1 to N, of type int32 or int64, of a message. Zeros are left out.
template <size_t N>
void AppendIntegers(const int64_t (&values)[N], std::string& out) {
  uint8_t bytes[N * kMaxNumberField];
  uint8_t* end = bytes;
  for (size_t i = 0; i < N; ++i) {
    if (values[i] == 0) continue;
    end = google::protobuf::internal::WireFormatLite::WriteInt64ToArray(static_cast<int>(i) + 1,
                                                                        values[i], end);
  }
  AppendRange(bytes, end, out);
}

// A length-delimited field whose bytes are appended to `out` between construction and
// Close(): the length is filled in then. Not thread-safe; `out` outlives it.
class OpenField {
 public:
  // `expected` is an estimate of its number of bytes. A good estimate avoids moving them.
  OpenField(int number, size_t expected, std::string& out);

  // Ends the field and returns its number of bytes.
  size_t Close();

 private:
  std::string& out_;
  size_t length_at_ = 0;  // where the length begins in `out_`
  size_t reserved_ = 0;   // bytes reserved for it
};

}  // namespace dataservice
