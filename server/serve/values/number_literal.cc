#include "serve/values/number_literal.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "postgres/number_text.h"

namespace dataservice {
namespace {

bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }

bool TakeMinus(std::string_view& text) {
  const bool minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  return minus;
}

// Returns whether there was at least one.
bool TakeDigits(std::string_view& text) {
  const size_t before = text.size();
  while (!text.empty() && IsDigit(text[0])) text.remove_prefix(1);
  return text.size() != before;
}

// "-1.5e+3": std::from_chars would read more, such as "inf" and "nan(0)".
bool IsDecimal(std::string_view text) {
  TakeMinus(text);
  if (!TakeDigits(text)) return false;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    if (!TakeDigits(text)) return false;
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
    if (!TakeDigits(text)) return false;
  }
  return text.empty();
}

template <typename Number>
std::string Printed(Number number, int precision) {
  char digits[64];
  const auto end =
      std::to_chars(digits, digits + sizeof(digits), number, std::chars_format::general, precision)
          .ptr;
  return std::string(digits, end);
}

// The number as Protobuf prints it: with fewer digits if they read as the same number. Protobuf
// does not use fewer digits for denormal floats.
template <typename Float>
std::string JsonNumber(Float number) {
  using Limits = std::numeric_limits<Float>;
  std::string few = Printed(number, Limits::digits10);
  Float back = 0;
  std::from_chars(few.data(), few.data() + few.size(), back);
  const bool denormal = std::is_same_v<Float, float> && number != 0 && !std::isnormal(number);
  return back == number && !denormal ? few : Printed(number, Limits::max_digits10);
}

}  // namespace

template <typename Integer>
bool ConvertInteger(std::string_view text, std::string& value, std::string& problem) {
  std::string_view rest = text;
  TakeMinus(rest);
  if (!TakeDigits(rest) || !rest.empty()) {
    problem = "value must be an integer";
    return false;
  }
  Integer number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) {
    problem = absl::StrCat("value must be an integer between ", std::numeric_limits<Integer>::min(),
                           " and ", std::numeric_limits<Integer>::max());
    return false;
  }
  value = std::to_string(number);
  return true;
}

template <typename Float>
bool ConvertFloat(std::string_view text, bool json, std::string& value, std::string& problem) {
  if (text == "Infinity" || text == "-Infinity") {
    value = text;
    if (json) value = text[0] == '-' ? "-1e999" : "1e999";
    return true;
  }
  if (!IsDecimal(text)) {
    problem = "value must be a number";
    return false;
  }
  Float number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ec != std::errc()) {
    problem = "value is too large or too small a number for its field";
    return false;
  }
  value.clear();
  if (json) {
    value = JsonNumber(number);
  } else {
    AppendNumber(number, value);
  }
  return true;
}

template bool ConvertInteger<int32_t>(std::string_view, std::string&, std::string&);
template bool ConvertInteger<int64_t>(std::string_view, std::string&, std::string&);
template bool ConvertInteger<uint32_t>(std::string_view, std::string&, std::string&);
template bool ConvertInteger<uint64_t>(std::string_view, std::string&, std::string&);
template bool ConvertFloat<float>(std::string_view, bool, std::string&, std::string&);
template bool ConvertFloat<double>(std::string_view, bool, std::string&, std::string&);

}  // namespace dataservice
