// Protobuf's wire format, appended to a string: what answers are made of, without a
// stream for each row and a copy of each message
// (https://protobuf.dev/programming-guides/encoding).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace dataservice {

// Appends a string, bytes or message field.
void AppendField(int number, std::string_view bytes, std::string& out);

// A length-delimited field whose bytes are appended to `out` between construction and
// Close(): the length is filled in then. Not thread-safe; `out` outlives it.
class OpenField {
 public:
  // `expected`: about how many bytes it will have. The nearer, the less they move.
  OpenField(int number, size_t expected, std::string& out);

  // The field has all its bytes. Returns their number.
  size_t Close();

 private:
  std::string& out_;
  size_t length_at_ = 0;  // where the length begins in `out_`
  size_t reserved_ = 0;   // bytes that it got
};

}  // namespace dataservice
