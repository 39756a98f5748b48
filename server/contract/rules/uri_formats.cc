// RFC 3986. Delimiters are unescaped only where they delimit, so a URI is first split at them, and
// each part is checked alone.
#include <optional>

#include "contract/rules/characters.h"
#include "contract/rules/string_formats.h"
#include "contract/rules/utf8.h"

namespace dataservice::rules {
namespace {

constexpr std::string_view kSubDelims = "!$&'()*+,;=";

constexpr bool IsUnreserved(char c) { return IsAlphanumeric(c) || IsOneOf(c, "-._~"); }

// Whether `text` consists of unreserved characters, percent-encoded bytes, and `also`.
// (Section 2.)
bool Consists(std::string_view text, std::string_view also) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !IsHexDigit(text[i + 1]) || !IsHexDigit(text[i + 2])) {
        return false;
      }
      i += 2;
    } else if (!IsUnreserved(text[i]) && !IsOneOf(text[i], also)) {
      return false;
    }
  }
  return true;
}

int HexValue(char c) { return IsDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10; }

// Section 3.2.2: percent-encoding in a host must be UTF-8. The escapes of `host` are valid. Checks
// one piece at a time, without allocating memory.
bool DecodesToUtf8(std::string_view host) {
  char piece[64];
  size_t used = 0;
  for (size_t i = 0; i < host.size(); ++i) {
    char byte = host[i];
    if (byte == '%') {
      byte = static_cast<char>(HexValue(host[i + 1]) * 16 + HexValue(host[i + 2]));
      i += 2;
    }
    const bool starts_character = (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
    if (starts_character && used > 32) {
      if (!IsUtf8({piece, used})) return false;
      used = 0;
    }
    if (used == sizeof(piece)) return false;  // more continuation bytes than UTF-8 has
    piece[used++] = byte;
  }
  return IsUtf8({piece, used});
}

// Removes the first `delimiter` and the part behind it from `text`, and returns that part; nothing
// if there is no delimiter.
std::optional<std::string_view> CutBehind(std::string_view* text, char delimiter) {
  const size_t at = text->find(delimiter);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view behind = text->substr(at + 1);
  *text = text->substr(0, at);
  return behind;
}

// The text in the brackets of a host: IPv6address, IPv6addrz or IPvFuture.
bool IsIpLiteral(std::string_view text) {
  if (!text.empty() && text.front() == 'v') {
    const size_t dot = text.find('.');
    if (dot == std::string_view::npos || dot < 2) return false;
    const std::string_view rest = text.substr(dot + 1);
    return AllOf(text.substr(1, dot - 1), IsHexDigit) && !rest.empty() && AllOf(rest, [](char c) {
             return IsUnreserved(c) || c == ':' || IsOneOf(c, kSubDelims);
           });
  }
  const size_t percent = text.find('%');
  if (percent != std::string_view::npos) {  // RFC 6874: address "%25" zone
    const std::string_view zone = text.substr(percent);
    if (zone.substr(0, 3) != "%25" || zone.size() == 3 || !Consists(zone, "") ||
        !DecodesToUtf8(zone)) {
      return false;
    }
    text = text.substr(0, percent);
  }
  return IsIp(text, IpVersion::k6);
}

// [ userinfo "@" ] host [ ":" port ]
bool IsAuthority(std::string_view text) {
  const size_t at = text.find('@');
  if (at != std::string_view::npos) {
    if (!Consists(text.substr(0, at), "!$&'()*+,;=:")) return false;
    text.remove_prefix(at + 1);
  }
  if (!text.empty() && text.front() == '[') {
    const size_t end = text.find(']');
    if (end == std::string_view::npos || !IsIpLiteral(text.substr(1, end - 1))) return false;
    text.remove_prefix(end + 1);
    return text.empty() || (text.front() == ':' && AllOf(text.substr(1), IsDigit));
  }
  const std::optional<std::string_view> port = CutBehind(&text, ':');
  if (port && !AllOf(*port, IsDigit)) return false;
  return Consists(text, kSubDelims) && DecodesToUtf8(text);
}

// The part behind the scheme: hier-part or relative-part, query, fragment.
bool IsRest(std::string_view text, bool relative) {
  static constexpr std::string_view kQuery = "!$&'()*+,;=:@/?";
  static constexpr std::string_view kPath = "!$&'()*+,;=:@/";
  const std::optional<std::string_view> fragment = CutBehind(&text, '#');
  if (fragment && !Consists(*fragment, kQuery)) return false;
  const std::optional<std::string_view> query = CutBehind(&text, '?');
  if (query && !Consists(*query, kQuery)) return false;
  if (text.substr(0, 2) == "//") {
    text.remove_prefix(2);
    const size_t slash = text.find('/');
    if (!IsAuthority(text.substr(0, slash))) return false;
    text = slash == std::string_view::npos ? std::string_view() : text.substr(slash);
  } else if (relative) {
    // path-noscheme: a colon in the first segment would make it a scheme.
    if (text.substr(0, text.find('/')).find(':') != std::string_view::npos) return false;
  }
  return Consists(text, kPath);
}

}  // namespace

bool IsUri(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos || !IsLetter(text.front())) return false;
  return AllOf(text.substr(0, colon),
               [](char c) { return IsAlphanumeric(c) || IsOneOf(c, "+-."); }) &&
         IsRest(text.substr(colon + 1), /*relative=*/false);
}

bool IsUriReference(std::string_view text) {
  return IsUri(text) || IsRest(text, /*relative=*/true);
}

}  // namespace dataservice::rules
