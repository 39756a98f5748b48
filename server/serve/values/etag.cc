#include "serve/values/etag.h"

#include <charconv>

namespace dataservice {
namespace {

constexpr int64_t kMicros = 1000000;
// Seconds from the year 1 to 1970: makes every valid time positive.
constexpr int64_t kEpochOffset = 62135596800;

}  // namespace

void AppendEtag(Instant update_time, int more, std::string& out) {
  const int64_t micros =
      (update_time.seconds + kEpochOffset) * kMicros + update_time.nanos / 1000 + more;
  char digits[16];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), micros, 16).ptr);
}

std::string TimestampOfEtag(std::string_view etag) {
  uint64_t micros = 0;
  const char* const end = etag.data() + etag.size();
  const auto [read, error] = std::from_chars(etag.data(), end, micros, 16);
  if (error == std::errc() && read == end && micros <= INT64_MAX) {
    const Instant time{static_cast<int64_t>(micros) / kMicros - kEpochOffset,
                       static_cast<int32_t>(micros % kMicros) * 1000};
    std::string canonical;
    if (IsValidTimestamp(time)) AppendEtag(time, 0, canonical);
    if (canonical == etag) {
      std::string text;
      AppendTimestamp(time, text);
      return text;
    }
  }
  return "-infinity";
}

}  // namespace dataservice
