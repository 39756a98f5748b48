#include "contract/rules/rule_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"

namespace dataservice::rules {
namespace {

constexpr int kNanosPerSecond = 1'000'000'000;

template <typename T>
std::string FloatingText(T value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  char buffer[512];  // the longest double has 309 digits before the point, 1074 are cut
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value, std::chars_format::fixed);
  if (end.ec != std::errc()) return absl::StrCat(value);
  return std::string(buffer, end.ptr);
}

// ".6", or nothing for 0.
std::string FractionText(int64_t nanos) {
  if (nanos == 0) return "";
  std::string digits = absl::StrCat(nanos);
  digits.insert(0, 9 - digits.size(), '0');
  digits.erase(digits.find_last_not_of('0') + 1);
  return "." + digits;
}

}  // namespace

std::string Text(int64_t value) { return absl::StrCat(value); }
std::string Text(uint64_t value) { return absl::StrCat(value); }
std::string Text(double value) { return FloatingText(value); }
std::string Text(float value) { return FloatingText(value); }

std::string DurationText(absl::int128 nanoseconds) {
  const bool negative = nanoseconds < 0;
  if (negative) nanoseconds = -nanoseconds;
  return absl::StrCat(negative ? "-" : "", static_cast<int64_t>(nanoseconds / kNanosPerSecond),
                      FractionText(static_cast<int64_t>(nanoseconds % kNanosPerSecond)), "s");
}

std::string TimestampText(absl::int128 nanoseconds) {
  int64_t seconds = static_cast<int64_t>(nanoseconds / kNanosPerSecond);
  int64_t nanos = static_cast<int64_t>(nanoseconds % kNanosPerSecond);
  if (nanos < 0) {
    nanos += kNanosPerSecond;
    --seconds;
  }
  return absl::StrCat(
      absl::FormatTime("%Y-%m-%dT%H:%M:%S", absl::FromUnixSeconds(seconds), absl::UTCTimeZone()),
      FractionText(nanos), "Z");
}

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

std::string BytesText(std::string_view bytes) {
  const bool printable =
      std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
  return printable ? std::string(bytes) : Hex(bytes);
}

std::string ListText(const std::vector<std::string>& items) {
  return absl::StrCat("[", absl::StrJoin(items, ", "), "]");
}

}  // namespace dataservice::rules
