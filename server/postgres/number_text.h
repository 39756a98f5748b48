// Numbers in PostgreSQL's text input and in its binary output.
#pragma once

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace dataservice {

// The shortest text that reads as exactly this number.
template <typename Number>
void AppendNumber(Number value, std::string& out) {
  if constexpr (std::is_floating_point_v<Number>) {
    if (std::isnan(value)) {
      out += "NaN";
      return;
    }
    if (std::isinf(value)) {
      out += value < 0 ? "-Infinity" : "Infinity";
      return;
    }
  }
  char digits[64];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

// Reads an unsigned number from hexadecimal digits, exactly two for each of its bytes.
template <typename Unsigned>
bool ParseHex(std::string_view text, Unsigned& value) {
  if (text.size() != 2 * sizeof(Unsigned)) return false;
  const char* const end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, value, 16);
  return error == std::errc() && read == end;
}

// Reads a float or double from its bytes in hexadecimal digits, most significant first:
// the output of float4send() and float8send(). The usual texts of floats never have this form.
template <typename Float>
bool ParseBits(std::string_view text, Float& value) {
  std::conditional_t<sizeof(Float) == 4, uint32_t, uint64_t> bits = 0;
  if (!ParseHex(text, bits)) return false;
  value = std::bit_cast<Float>(bits);
  return true;
}

}  // namespace dataservice
