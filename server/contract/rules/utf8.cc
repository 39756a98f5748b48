#include "contract/rules/utf8.h"

#include <cstdint>
#include <cstring>

namespace dataservice::rules {
namespace {

bool StartsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

// The length of the sequence that `bytes` begins with, 0 if it is malformed.
size_t SequenceLength(std::string_view bytes) {
  const auto at = [&](size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char first = at(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (bytes.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xC0) != 0x80) return 0;
  }
  // RFC 3629, section 4: the second byte excludes long forms, surrogates and what is
  // above U+10FFFF.
  if (first == 0xE0 && at(1) < 0xA0) return 0;
  if (first == 0xED && at(1) > 0x9F) return 0;
  if (first == 0xF0 && at(1) < 0x90) return 0;
  if (first == 0xF4 && at(1) > 0x8F) return 0;
  return length;
}

}  // namespace

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    while (text.size() >= sizeof(uint64_t)) {  // ASCII, eight at a time
      uint64_t word;
      std::memcpy(&word, text.data(), sizeof(word));
      if ((word & 0x8080808080808080) != 0) break;
      text.remove_prefix(sizeof(word));
    }
    if (text.empty()) return true;
    const size_t length = SequenceLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

size_t CodePoints(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += StartsCharacter(c) ? 1 : 0;
  return count;
}

std::string_view CutUtf8(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && !StartsCharacter(text[most])) --most;
  return text.substr(0, most);
}

std::string ShortenUtf8(std::string_view text, size_t most) {
  std::string shown(CutUtf8(text, most));
  if (shown.size() < text.size()) shown += "...";
  return shown;
}

}  // namespace dataservice::rules
