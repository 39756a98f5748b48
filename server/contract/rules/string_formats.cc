#include "contract/rules/string_formats.h"

#include "contract/rules/characters.h"

namespace dataservice::rules {
namespace {

constexpr size_t kMaxLabel = 63;
constexpr size_t kMaxHostname = 253;

// A label of a domain name.
bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= kMaxLabel && label.front() != '-' &&
         label.back() != '-' && AllOf(label, [](char c) { return IsAlphanumeric(c) || c == '-'; });
}

// Calls `accept` with each part between dots until it returns false.
template <typename Accept>
bool EachPart(std::string_view text, Accept accept) {
  while (true) {
    const size_t dot = text.find('.');
    if (!accept(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool IsControlOfLines(char c) { return c == '\0' || c == '\n' || c == '\r'; }

}  // namespace

bool IsEmail(std::string_view text) {
  const size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos) return false;
  return AllOf(text.substr(0, at),
               [](char c) { return IsAlphanumeric(c) || IsOneOf(c, ".!#$%&'*+/=?^_`{|}~-"); }) &&
         EachPart(text.substr(at + 1), IsLabel);
}

bool IsHostname(std::string_view text) {
  if (!text.empty() && text.back() == '.') text.remove_suffix(1);
  if (text.size() > kMaxHostname || !EachPart(text, IsLabel)) return false;
  return !AllOf(text.substr(text.rfind('.') + 1), IsDigit);
}

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : !IsHexDigit(text[i])) return false;
  }
  return true;
}

bool IsTrimmedUuid(std::string_view text) { return text.size() == 32 && AllOf(text, IsHexDigit); }

bool IsUlid(std::string_view text) {
  return text.size() == 26 && text.front() >= '0' && text.front() <= '7' &&
         AllOf(text, [](char c) { return IsAlphanumeric(c) && !IsOneOf(c, "ILOUilou"); });
}

bool IsProtobufName(std::string_view text, bool leading_dot) {
  if (leading_dot) {
    if (text.empty() || text.front() != '.') return false;
    text.remove_prefix(1);
  }
  return EachPart(text, [](std::string_view part) {
    return !part.empty() && !IsDigit(part.front()) &&
           AllOf(part, [](char c) { return IsAlphanumeric(c) || c == '_'; });
  });
}

// RFC 9110's token, after a colon if it is a pseudo-header of HTTP/2.
bool IsHeaderName(std::string_view text, bool strict) {
  if (!strict) return !text.empty() && !std::any_of(text.begin(), text.end(), IsControlOfLines);
  if (!text.empty() && text.front() == ':') text.remove_prefix(1);
  return !text.empty() &&
         AllOf(text, [](char c) { return IsAlphanumeric(c) || IsOneOf(c, "!#$%&'*+,-.^_|~`"); });
}

bool IsHeaderValue(std::string_view text, bool strict) {
  return AllOf(text, [strict](char c) {
    if (!strict) return !IsControlOfLines(c);
    const unsigned char byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7F) || c == '\t';
  });
}

}  // namespace dataservice::rules
