#include "serve/filter/pattern.h"

#include <cstdint>

namespace dataservice::filter {
namespace {

constexpr uint32_t kLast = 0x10FFFF;
constexpr uint32_t kBeforeSurrogates = 0xD7FF;
constexpr uint32_t kAfterSurrogates = 0xE000;

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Takes the last code point off `text`, which has one.
uint32_t TakeLast(std::string_view& text) {
  size_t start = text.size() - 1;
  while (IsContinuation(text[start])) --start;
  const std::string_view last = text.substr(start);
  text = text.substr(0, start);
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(last[i]); };
  // The lead byte of two, three and four has 5, 4 and 3 bits.
  uint32_t code = last.size() == 1 ? byte(0) : byte(0) & (0x7FU >> last.size());
  for (size_t i = 1; i < last.size(); ++i) code = code << 6 | (byte(i) & 0x3FU);
  return code;
}

void Append(uint32_t code, std::string& text) {
  const auto add = [&](uint32_t byte) { text += static_cast<char>(byte); };
  const auto add_rest = [&](int shift) {
    for (; shift >= 0; shift -= 6) add(0x80U | (code >> shift & 0x3FU));
  };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0U | code >> 6);
    add_rest(0);
  } else if (code < 0x10000) {
    add(0xE0U | code >> 12);
    add_rest(6);
  } else {
    add(0xF0U | code >> 18);
    add_rest(12);
  }
}

}  // namespace

std::string_view Stem(const Word& word) {
  std::string_view stem = word.text;
  if (word.opens_with_star) stem.remove_prefix(1);
  if (word.ends_with_star && !stem.empty()) stem.remove_suffix(1);
  return stem;
}

std::string LikePattern(const Word& word) {
  std::string pattern = word.opens_with_star ? "%" : "";
  for (const char c : Stem(word)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  if (word.ends_with_star) pattern += '%';
  return pattern;
}

std::optional<std::string> EndOfPrefix(std::string_view prefix) {
  while (!prefix.empty()) {
    const uint32_t code = TakeLast(prefix);
    if (code == kLast) continue;
    std::string end(prefix);
    Append(code == kBeforeSurrogates ? kAfterSurrogates : code + 1, end);
    return end;
  }
  return std::nullopt;
}

}  // namespace dataservice::filter
