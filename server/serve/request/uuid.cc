#include "serve/request/uuid.h"

#include <chrono>
#include <cstdint>

#include "absl/random/random.h"

namespace dataservice {
namespace {

constexpr int64_t kMicrosPerMilli = 1000;

void AppendHex(uint64_t value, int digits, std::string& out) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[(value >> shift) & 0xf];
  }
}

}  // namespace

std::string NewUuid() {
  thread_local absl::BitGen random;
  const int64_t micros = std::chrono::duration_cast<std::chrono::microseconds>(
                             std::chrono::system_clock::now().time_since_epoch())
                             .count();
  const auto milli = static_cast<uint64_t>(micros / kMicrosPerMilli);
  // 12 bits of fraction, method 3 of RFC 9562, 6.2.
  const auto fraction = static_cast<uint64_t>(micros % kMicrosPerMilli * 4096 / kMicrosPerMilli);
  const uint64_t bits = absl::Uniform<uint64_t>(random);
  std::string out;
  out.reserve(36);
  AppendHex(milli >> 16, 8, out);
  out += '-';
  AppendHex(milli & 0xffff, 4, out);
  out += "-7";
  AppendHex(fraction, 3, out);
  out += '-';
  AppendHex(0x8000 | ((bits >> 48) & 0x3fff), 4, out);
  out += '-';
  AppendHex(bits & 0xffffffffffff, 12, out);
  return out;
}

}  // namespace dataservice
