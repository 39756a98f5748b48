#include "serve/values/position.h"

#include <charconv>

namespace dataservice {

// "-" for NULL, else "length:text", one after the other.
std::string EncodePosition(const Position& position) {
  std::string out;
  for (const auto& value : position) {
    if (!value) {
      out += '-';
      continue;
    }
    out += std::to_string(value->size());
    out += ':';
    out += *value;
  }
  return out;
}

bool DecodePosition(std::string_view text, Position& position) {
  while (!text.empty()) {
    if (text.front() == '-') {
      position.emplace_back(std::nullopt);
      text.remove_prefix(1);
      continue;
    }
    size_t size = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
    const auto digits = static_cast<size_t>(end - text.data());
    // std::to_string() writes no leading zero.
    if (digits > 1 && text.front() == '0') return false;
    text.remove_prefix(digits);
    if (error != std::errc() || !text.starts_with(':') || size > text.size() - 1) return false;
    position.emplace_back(text.substr(1, size));
    text.remove_prefix(size + 1);
  }
  return true;
}

}  // namespace dataservice
