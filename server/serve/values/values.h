// The values of one operation, as the texts that PostgreSQL reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"

namespace dataservice {

// A list of texts and NULLs in one buffer. Not thread-safe.
class Values {
 public:
  void AddNull() { entries_.push_back({buffer_.size(), kNull}); }
  void Add(std::string_view text) {
    entries_.push_back({buffer_.size(), text.size()});
    buffer_.append(text);
  }

  // A value written piece by piece: append to buffer() and then End().
  std::string& Begin() {
    start_ = buffer_.size();
    return buffer_;
  }
  void End() { entries_.push_back({start_, buffer_.size() - start_}); }

  size_t size() const { return entries_.size(); }
  // Bytes of all texts.
  size_t bytes() const { return buffer_.size(); }
  // Valid until the next addition.
  std::optional<std::string_view> operator[](size_t i) const {
    const Entry& entry = entries_[i];
    if (entry.size == kNull) return std::nullopt;
    return std::string_view(buffer_).substr(entry.offset, entry.size);
  }

 private:
  static constexpr size_t kNull = SIZE_MAX;
  struct Entry {
    size_t offset;
    size_t size;
  };

  std::string buffer_;
  size_t start_ = 0;
  absl::InlinedVector<Entry, 12> entries_;
};

}  // namespace dataservice
