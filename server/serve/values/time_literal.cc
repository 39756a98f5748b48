#include "serve/values/time_literal.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"
#include "postgres/time_text.h"

namespace dataservice {
namespace {

constexpr size_t kDateLength = 10;    // 2012-04-21
constexpr size_t kSecondLength = 19;  // 2012-04-21T11:30:00
constexpr size_t kNanoDigits = 9;

bool IsDigits(std::string_view text) {
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return false;
  }
  return !text.empty();
}

// The fraction of a second as ProtoJSON writes it: of 0, 3, 6 or 9 digits.
std::string Fraction(int32_t nanos) {
  if (nanos == 0) return "";
  std::string digits = std::to_string(nanos);
  digits.insert(0, kNanoDigits - digits.size(), '0');
  while (digits.ends_with("000")) digits.resize(digits.size() - 3);
  return "." + digits;
}

// Reads `width` digits off the front of `text` as a number of at most `max`.
bool TakeNumber(std::string_view& text, size_t width, int max, int& number) {
  const std::string_view digits = text.substr(0, width);
  if (digits.size() < width || !IsDigits(digits)) return false;
  number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  text.remove_prefix(width);
  return number <= max;
}

bool TakeChar(std::string_view& text, char c) {
  if (!text.starts_with(c)) return false;
  text.remove_prefix(1);
  return true;
}

// Reads ".5", or nothing; digits beyond nanoseconds are cut off.
bool TakeFraction(std::string_view& text, int32_t& nanos) {
  nanos = 0;
  if (!TakeChar(text, '.')) return true;
  const size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  std::string digits(text.substr(0, std::min<size_t>(end, kNanoDigits)));
  text.remove_prefix(end);
  if (digits.empty()) return false;
  digits.append(kNanoDigits - digits.size(), '0');
  nanos = std::stoi(digits);
  return true;
}

// Reads "Z", "+02:00" or "-04:00".
bool TakeOffset(std::string_view& text, int& seconds) {
  seconds = 0;
  if (TakeChar(text, 'Z') || TakeChar(text, 'z')) return true;
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return false;
  text.remove_prefix(1);
  int hours = 0;
  int minutes = 0;
  if (!TakeNumber(text, 2, 23, hours) || !TakeChar(text, ':') ||
      !TakeNumber(text, 2, 59, minutes)) {
    return false;
  }
  seconds = (hours * 60 + minutes) * 60 * (west ? -1 : 1);
  return true;
}

// Protobuf's TimeUtil aborts the program for the year 0.
bool ReadTimestamp(std::string_view text, Instant& time) {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int offset = 0;
  const bool read = TakeNumber(text, 4, 9999, year) && TakeChar(text, '-') &&
                    TakeNumber(text, 2, 12, month) && TakeChar(text, '-') &&
                    TakeNumber(text, 2, 31, day) && (TakeChar(text, 'T') || TakeChar(text, 't')) &&
                    TakeNumber(text, 2, 23, hour) && TakeChar(text, ':') &&
                    TakeNumber(text, 2, 59, minute) && TakeChar(text, ':') &&
                    TakeNumber(text, 2, 59, second) && TakeFraction(text, time.nanos) &&
                    TakeOffset(text, offset) && text.empty();
  if (!read) return false;
  const absl::CivilSecond civil(year, month, day, hour, minute, second);
  if (civil.month() != month || civil.day() != day) return false;  // normalised
  time.seconds = (civil - absl::CivilSecond(1970, 1, 1)) - offset;
  return IsValidTimestamp(time);
}

// At most 12 digits of seconds and 9 of nanoseconds.
bool ReadDuration(std::string_view text, int64_t& seconds, int32_t& nanos) {
  if (!text.ends_with('s')) return false;
  text.remove_suffix(1);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  std::string fraction(dot == std::string_view::npos ? "0" : text.substr(dot + 1));
  if (!IsDigits(whole) || !IsDigits(fraction) || fraction.size() > kNanoDigits) return false;
  if (std::from_chars(whole.data(), whole.data() + whole.size(), seconds).ec != std::errc()) {
    return false;
  }
  fraction.append(kNanoDigits - fraction.size(), '0');
  nanos = std::stoi(fraction);
  if (negative) {
    seconds = -seconds;
    nanos = -nanos;
  }
  return IsValidDuration(seconds, nanos);
}

}  // namespace

bool ConvertTimestamp(std::string_view text, const google::protobuf::FieldDescriptor&, bool json,
                      std::string& value, std::string& problem) {
  Instant time;
  if (!ReadTimestamp(text, time)) {
    problem = "value must be an RFC 3339 time of the years 1 to 9999, such as 2012-04-21T11:30:00Z";
    return false;
  }
  value.clear();
  AppendTimestamp(time, value);
  if (json) {
    value.resize(kSecondLength);
    value += Fraction(time.nanos);
  }
  return true;
}

bool ConvertDuration(std::string_view text, const google::protobuf::FieldDescriptor&, bool json,
                     std::string& value, std::string& problem) {
  int64_t seconds = 0;
  int32_t nanos = 0;
  if (!ReadDuration(text, seconds, nanos)) {
    problem = "value must be a duration in seconds, such as 20s or 1.5s";
    return false;
  }
  if (json) {
    value = text.substr(0, text.size() - 1);
  } else {
    value.clear();
    AppendInterval(seconds, nanos, value);
  }
  return true;
}

bool ConvertDate(std::string_view text, const google::protobuf::FieldDescriptor&, bool,
                 std::string& value, std::string& problem) {
  int year = 0;
  int month = 0;
  int day = 0;
  value.clear();
  if (text.size() != kDateLength || !ParseDate(text, year, month, day) ||
      !AppendDate(year, month, day, value)) {
    problem = "value must be a date of the years 1 to 9999, such as 2012-04-21";
    return false;
  }
  return true;
}

}  // namespace dataservice
