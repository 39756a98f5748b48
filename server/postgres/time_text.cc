#include "postgres/time_text.h"

#include <charconv>
#include <cstdlib>

#include "absl/time/civil_time.h"
#include "civil_date.h"
#include "postgres/number_text.h"

namespace dataservice {
namespace {

constexpr int64_t kMinTimestamp = -62135596800;  // 0001-01-01T00:00:00Z
constexpr int64_t kMaxTimestamp = 253402300799;  // 9999-12-31T23:59:59Z
constexpr int64_t kMaxDuration = 315576000000;
constexpr int32_t kNanos = 1000000000;
constexpr int64_t kSecondsPerDay = 86400;
constexpr size_t kWholeSeconds = 19;     // characters of "2026-01-31 23:59:59"
constexpr size_t kBinaryTimestamp = 16;  // hexadecimal digits

// Reads digits from the front of `text`; false if there is none.
template <typename Int>
bool TakeDigits(std::string_view& text, Int& value) {
  if (text.empty() || text[0] < '0' || text[0] > '9') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  return true;
}

// Reads two digits at the position `at`; returns false for other characters.
bool TwoDigits(std::string_view text, size_t at, int& value) {
  const auto tens = static_cast<unsigned>(text[at] - '0');
  const auto ones = static_cast<unsigned>(text[at + 1] - '0');
  value = static_cast<int>(tens * 10 + ones);
  return tens <= 9 && ones <= 9;
}

bool TakeChar(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

// Reads ".123456", or nothing, as nanoseconds.
bool TakeFraction(std::string_view& text, int32_t& nanos) {
  nanos = 0;
  if (!TakeChar(text, '.')) return true;
  int32_t unit = kNanos / 10;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    nanos += (text[0] - '0') * unit;
    unit /= 10;
    text.remove_prefix(1);
  }
  return true;
}

void AppendPadded(int64_t value, int width, std::string& out) {
  char digits[20];
  const auto end = std::to_chars(digits, digits + sizeof(digits), value).ptr;
  for (auto length = end - digits; length < width; ++length) out += '0';
  out.append(digits, end);
}

void AppendClock(int64_t hours, int64_t second_of_hour, int32_t nanos, std::string& out) {
  AppendPadded(hours, 2, out);
  out += ':';
  AppendPadded(second_of_hour / 60, 2, out);
  out += ':';
  AppendPadded(second_of_hour % 60, 2, out);
  out += '.';
  AppendPadded(nanos / 1000, 6, out);
}

bool TakeDate(std::string_view& text, int& year, int& month, int& day) {
  return TakeDigits(text, year) && TakeChar(text, '-') && TakeDigits(text, month) &&
         TakeChar(text, '-') && TakeDigits(text, day);
}

// Whether the date exists, in the years 1 to 9999.
bool IsDate(int year, int month, int day) {
  if (year < 1 || year > 9999) return false;
  const absl::CivilDay date(year, month, day);  // normalises a date that does not exist
  return date.year() == year && date.month() == month && date.day() == day;
}

// Reads "+05:30" or "-00:01:15", and nothing after it, as seconds.
bool ParseOffset(std::string_view text, int& offset) {
  const bool negative = text.starts_with('-');
  if (text.size() < 3 || (!negative && text[0] != '+')) return false;
  offset = 0;
  for (int unit = 3600; !text.empty() && unit > 0; unit /= 60) {
    int value;
    if (text.size() < 3 || (unit < 3600 && text[0] != ':') || !TwoDigits(text, 1, value))
      return false;
    offset += value * unit;
    text.remove_prefix(3);
  }
  if (negative) offset = -offset;
  return text.empty();
}

// Reads the microseconds, days and months of interval_send().
bool ParseBinaryInterval(std::string_view text, int64_t& seconds, int32_t& nanos) {
  uint64_t micros;
  uint32_t days, months;
  if (text.size() != 32 || !ParseHex(text.substr(0, 16), micros) ||
      !ParseHex(text.substr(16, 8), days) || !ParseHex(text.substr(24), months)) {
    return false;
  }
  constexpr int64_t kMicros = 1000000;
  constexpr int64_t kSecondsPerYear = 31557600;
  const auto time = static_cast<int64_t>(micros);
  const auto month = static_cast<int32_t>(months);
  // At most 1e13, 2e14 and 6e15 seconds.
  const int64_t other = static_cast<int32_t>(days) * kSecondsPerDay + month / 12 * kSecondsPerYear +
                        month % 12 * 30 * kSecondsPerDay;
  seconds = time / kMicros + other;
  nanos = static_cast<int32_t>(time % kMicros) * 1000;
  // Gives both the same sign.
  if (seconds > 0 && nanos < 0) {
    --seconds;
    nanos += kNanos;
  } else if (seconds < 0 && nanos > 0) {
    ++seconds;
    nanos -= kNanos;
  }
  return true;
}

// Reads the output of extract(epoch).
bool ParseEpoch(std::string_view text, int64_t& seconds, int32_t& nanos) {
  const bool negative = TakeChar(text, '-');
  if (!TakeDigits(text, seconds) || !TakeFraction(text, nanos) || !text.empty()) return false;
  if (negative) {
    seconds = -seconds;
    nanos = -nanos;
  }
  return true;
}

// Reads the microseconds since 2000-01-01T00:00:00Z of timestamptz_send().
bool ParseBinaryTimestamp(std::string_view text, Instant& time) {
  uint64_t bits;
  if (text.size() != kBinaryTimestamp || !ParseHex(text, bits)) return false;
  constexpr int64_t kMicros = 1000000;
  constexpr int64_t kPostgresEpoch = 946684800;
  const auto micros = static_cast<int64_t>(bits);
  time.seconds = micros / kMicros + kPostgresEpoch;
  time.nanos = static_cast<int32_t>(micros % kMicros) * 1000;
  if (time.nanos < 0) {
    --time.seconds;
    time.nanos += kNanos;
  }
  return IsValidTimestamp(time);
}

}  // namespace

bool IsValidTimestamp(Instant time) {
  return time.seconds >= kMinTimestamp && time.seconds <= kMaxTimestamp && time.nanos >= 0 &&
         time.nanos < kNanos;
}

void AppendTimestamp(Instant time, std::string& out) {
  int64_t days = time.seconds / kSecondsPerDay;
  int64_t second = time.seconds % kSecondsPerDay;
  if (second < 0) {
    second += kSecondsPerDay;
    --days;
  }
  const CivilDate date = DateOf(days);
  AppendPadded(date.year, 4, out);
  out += '-';
  AppendPadded(date.month, 2, out);
  out += '-';
  AppendPadded(date.day, 2, out);
  out += 'T';
  AppendClock(second / 3600, second % 3600, time.nanos, out);
  out += 'Z';
}

bool ParseTimestamp(std::string_view text, Instant& time) {
  if (text.size() == kBinaryTimestamp) return ParseBinaryTimestamp(text, time);
  // Years of the range have four digits, so all parts but the fraction have fixed positions.
  int century, year, month, day, hour, minute, second;
  if (text.size() < kWholeSeconds || text[4] != '-' || text[7] != '-' || text[10] != ' ' ||
      text[13] != ':' || text[16] != ':' || !TwoDigits(text, 0, century) ||
      !TwoDigits(text, 2, year) || !TwoDigits(text, 5, month) || !TwoDigits(text, 8, day) ||
      !TwoDigits(text, 11, hour) || !TwoDigits(text, 14, minute) || !TwoDigits(text, 17, second)) {
    return false;
  }
  year += century * 100;
  text.remove_prefix(kWholeSeconds);
  int offset = 0;
  if (year < 1 || !TakeFraction(text, time.nanos) ||
      (text != "+00" && !ParseOffset(text, offset))) {
    return false;
  }
  time.seconds = DaysFromEpoch(year, month, day) * kSecondsPerDay + hour * 3600 + minute * 60 +
                 second - offset;
  return IsValidTimestamp(time);
}

bool IsValidDuration(int64_t seconds, int32_t nanos) {
  if (seconds < -kMaxDuration || seconds > kMaxDuration) return false;
  if (nanos <= -kNanos || nanos >= kNanos) return false;
  return (seconds >= 0 || nanos <= 0) && (seconds <= 0 || nanos >= 0);
}

void AppendInterval(int64_t seconds, int32_t nanos, std::string& out) {
  if (seconds < 0 || nanos < 0) out += '-';
  const int64_t whole = std::abs(seconds);
  AppendClock(whole / 3600, whole % 3600, std::abs(nanos), out);
}

bool ParseInterval(std::string_view text, int64_t& seconds, int32_t& nanos) {
  const bool parsed = ParseBinaryInterval(text, seconds, nanos) || ParseEpoch(text, seconds, nanos);
  return parsed && IsValidDuration(seconds, nanos);
}

bool AppendDate(int year, int month, int day, std::string& out) {
  if (!IsDate(year, month, day)) return false;
  AppendPadded(year, 4, out);
  out += '-';
  AppendPadded(month, 2, out);
  out += '-';
  AppendPadded(day, 2, out);
  return true;
}

bool ParseDate(std::string_view text, int& year, int& month, int& day) {
  return TakeDate(text, year, month, day) && text.empty() && IsDate(year, month, day);
}

}  // namespace dataservice
