// Reads Protobuf's binary form, field by field, without copies
// (https://protobuf.dev/programming-guides/encoding).
#pragma once

#include <cstdint>
#include <string_view>

namespace dataservice {

enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,  // length-delimited
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,
};

// One field of a message.
struct WireField {
  int number = 0;
  WireType type = WireType::kVarint;
  uint64_t value = 0;      // of a varint or a fixed one
  std::string_view bytes;  // of a length-delimited one, in the reader's text
};

// Not thread-safe. `text` outlives the reader and the fields that it returns.
class WireReader {
 public:
  explicit WireReader(std::string_view text) : text_(text) {}

  // Reads the next field; groups are skipped. False at the end, and where the bytes are
  // no message; ok() tells which.
  bool Next(WireField& field);
  // Reads the next element of a packed field. False as above.
  bool NextPacked(WireType type, uint64_t& value);

  bool ok() const { return ok_; }
  // Bytes read so far.
  size_t position() const { return position_; }

 private:
  bool ReadVarint(uint64_t& value);
  bool ReadFixed(size_t size, uint64_t& value);
  bool ReadValue(WireField& field);
  bool SkipGroup(int number, int depth);
  bool Fail() {
    ok_ = false;
    return false;
  }

  std::string_view text_;
  size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace dataservice
