// What the fuzz targets share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "contract/contract.h"

// Ends the process, as a finding, if a statement that holds for every input does not hold.
#define FUZZ_REQUIRE(condition)                                                  \
  do {                                                                           \
    if (!(condition)) ::dataservice::fuzz::Fail(#condition, __FILE__, __LINE__); \
  } while (false)

namespace dataservice::fuzz {

[[noreturn]] void Fail(const char* condition, const char* file, int line);

// The contract of tests/contracts/types, which has a field of every type. It lives as long as
// the process.
const Contract& TypesContract();

// Its resource with the most types of columns.
const Resource& SampleResource();

// An input that is read from its front. Not thread-safe.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  // A number below `limit`, of the next byte; 0 at the end.
  size_t Choose(size_t limit) {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte % limit;
  }

  // The text up to the next NUL character, or to the end.
  std::string_view Text() {
    const size_t end = rest_.find('\0');
    const std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
    return text;
  }

  // All that is left.
  std::string_view Rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace dataservice::fuzz
