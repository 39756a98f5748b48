#include "serve/json/json_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "absl/strings/escaping.h"
#include "contract/rules/utf8.h"

namespace dataservice {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

bool IsPlain(unsigned char c) { return c >= 0x20 && c != '"' && c != '\\'; }

// Characters that are examined together.
constexpr size_t kBlock = sizeof(uint64_t);

// Whether each of the characters of a block is ASCII and plain.
bool ArePlainAscii(const char* text) {
  constexpr uint64_t kOnes = 0x0101010101010101, kHighBits = 0x80 * kOnes;
  uint64_t bytes;
  std::memcpy(&bytes, text, sizeof bytes);
  // The subtraction sets the high bit of the first byte that is too small. What it borrows from
  // the bytes after that does not matter.
  const uint64_t quotes = bytes ^ ('"' * kOnes), backslashes = bytes ^ ('\\' * kOnes);
  const uint64_t unusual =
      bytes | (bytes - 0x20 * kOnes) | (quotes - kOnes) | (backslashes - kOnes);
  return (unusual & kHighBits) == 0;
}

void AppendEscape(char c, std::string& out) {
  out += '\\';
  switch (c) {
    case '"':
    case '\\':
      out += c;
      return;
    case '\b':
      out += 'b';
      return;
    case '\f':
      out += 'f';
      return;
    case '\n':
      out += 'n';
      return;
    case '\r':
      out += 'r';
      return;
    case '\t':
      out += 't';
      return;
  }
  const auto code = static_cast<unsigned char>(c);
  out += "u00";
  out += kHexDigits[code >> 4];
  out += kHexDigits[code & 15];
}

// Numbers from 1e-6 up to below 1e21 have no exponent.
constexpr int kLeastExponent = -6;
constexpr int kExponentLimit = 21;

// Writes digits and exponent ("1.25e+02") as ECMAScript does.
void AppendShortest(std::string_view scientific, std::string& out) {
  if (scientific.front() == '-') {
    out += '-';
    scientific.remove_prefix(1);
  }
  const size_t e = scientific.find('e');
  std::string digits(1, scientific.front());
  if (e > 1) digits += scientific.substr(2, e - 2);
  int exponent = 0;
  std::string_view power = scientific.substr(e + 1);
  if (power.front() == '+') power.remove_prefix(1);
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  const int count = static_cast<int>(digits.size());
  if (exponent < kLeastExponent || exponent >= kExponentLimit) {
    out += digits.front();
    if (count > 1) out.append(".").append(digits, 1);
    out += exponent < 0 ? "e-" : "e+";
    AppendDecimal(static_cast<int64_t>(std::abs(exponent)), out);
  } else if (exponent < 0) {
    out.append("0.").append(static_cast<size_t>(-exponent - 1), '0').append(digits);
  } else if (count <= exponent + 1) {
    out.append(digits).append(static_cast<size_t>(exponent + 1 - count), '0');
  } else {
    const auto whole = static_cast<size_t>(exponent + 1);
    out.append(digits, 0, whole).append(".").append(digits, whole);
  }
}

template <typename Float>
void AppendFloatingPoint(Float value, std::string& out) {
  if (std::isnan(value)) {
    out += "\"NaN\"";
  } else if (std::isinf(value)) {
    out += value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  } else {
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific);
    AppendShortest(std::string_view(text, static_cast<size_t>(end.ptr - text)), out);
  }
}

template <typename Integer>
void AppendInteger(Integer value, std::string& out) {
  char text[24];
  const auto end = std::to_chars(text, text + sizeof text, value);
  out.append(text, end.ptr);
}

}  // namespace

bool AppendJsonText(std::string_view text, std::string& out) {
  out += '"';
  size_t done = 0;
  bool ascii = true;
  for (size_t i = 0; i < text.size();) {
    if (i + kBlock <= text.size() && ArePlainAscii(text.data() + i)) {
      i += kBlock;
      continue;
    }
    for (const size_t end = std::min(i + kBlock, text.size()); i < end; ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if (c >= 0x80) ascii = false;
      if (IsPlain(c)) continue;
      out.append(text, done, i - done);
      AppendEscape(text[i], out);
      done = i + 1;
    }
  }
  out.append(text, done);
  out += '"';
  return ascii || rules::IsUtf8(text);
}

void AppendJsonFloat(float value, std::string& out) { AppendFloatingPoint(value, out); }

void AppendJsonDouble(double value, std::string& out) { AppendFloatingPoint(value, out); }

void AppendDecimal(int64_t value, std::string& out) { AppendInteger(value, out); }

void AppendDecimal(uint64_t value, std::string& out) { AppendInteger(value, out); }

void AppendJsonBytes(std::string_view bytes, std::string& out) {
  out += '"';
  out += absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()));
  out += '"';
}

}  // namespace dataservice
