// Reads Protobuf's binary form, field by field, without copies
// (https://protobuf.dev/programming-guides/encoding).
#pragma once

#include <google/protobuf/io/coded_stream.h>

#include <cstdint>
#include <string_view>

namespace dataservice {

// One field of a message: a number or length-delimited bytes.
struct WireField {
  int number = 0;
  bool has_bytes = false;
  uint64_t value = 0;      // of a varint
  std::string_view bytes;  // of a length-delimited one, in the reader's text
};

// Not thread-safe. `text` outlives the reader and the fields that it returns.
class WireReader {
 public:
  explicit WireReader(std::string_view text);

  // Reads the next varint or length-delimited field; skips others. False at the end, and
  // where the bytes are no message; ok() tells which.
  bool Next(WireField& field);

  bool ok() const { return ok_; }

 private:
  bool Fail() {
    ok_ = false;
    return false;
  }

  const std::string_view text_;
  google::protobuf::io::CodedInputStream in_;
  bool ok_ = true;
};

}  // namespace dataservice
