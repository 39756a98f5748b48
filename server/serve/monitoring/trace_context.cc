#include "serve/monitoring/trace_context.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <random>

#include "absl/strings/str_format.h"

namespace dataservice {
namespace {

constexpr size_t kTraceDigits = 32;
constexpr size_t kSpanDigits = 16;
// "00-" trace "-" span "-" flags
constexpr size_t kSpanBegin = 3 + kTraceDigits + 1;
constexpr size_t kFlagsBegin = kSpanBegin + kSpanDigits + 1;
constexpr size_t kSize = kFlagsBegin + 2;

// Not all digits may be 0, where `nonzero`.
bool IsHex(std::string_view text, bool nonzero) {
  const bool hex = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
  return hex && !(nonzero && text.find_first_not_of('0') == std::string_view::npos);
}

uint64_t Number(std::string_view hex) {
  uint64_t number = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), number, 16);
  return number;
}

// Not 0, which is no id.
uint64_t Random() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return random() | 1;
}

// A later version may have more after the flags.
bool IsValid(std::string_view text) {
  if (text.size() < kSize ||
      (text.size() > kSize && (text.starts_with("00") || text[kSize] != '-'))) {
    return false;
  }
  return IsHex(text.substr(0, 2), false) && !text.starts_with("ff") && text[2] == '-' &&
         IsHex(text.substr(3, kTraceDigits), true) && text[kSpanBegin - 1] == '-' &&
         IsHex(text.substr(kSpanBegin, kSpanDigits), true) && text[kFlagsBegin - 1] == '-' &&
         IsHex(text.substr(kFlagsBegin, 2), false);
}

}  // namespace

TraceContext TraceContextOf(std::string_view traceparent) {
  if (!IsValid(traceparent)) {
    return {.trace_id = absl::StrFormat("%016x%016x", Random(), Random())};
  }
  return {.trace_id = std::string(traceparent.substr(3, kTraceDigits)),
          .parent_id = std::string(traceparent.substr(kSpanBegin, kSpanDigits)),
          .sampled = (Number(traceparent.substr(kFlagsBegin, 2)) & 1) != 0};
}

std::string NewSpanId() { return absl::StrFormat("%016x", Random()); }

bool IsChosen(std::string_view trace_id, double part) {
  const uint64_t number = Number(trace_id.substr(kTraceDigits / 2)) >> 11;
  return static_cast<double>(number) < part * std::exp2(53);
}

}  // namespace dataservice
