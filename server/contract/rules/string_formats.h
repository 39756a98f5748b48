// The well-known text formats of buf.validate.StringRules. All functions take linear time and
// allocate no memory.
#pragma once

#include <string_view>

namespace dataservice::rules {

// A valid e-mail address of the HTML standard, which is stricter and simpler than
// RFC 5322.
bool IsEmail(std::string_view text);
// RFC 1034 labels of letters, digits and inner hyphens, the last one not all digits; at
// most 253 characters, not counting a dot at the end.
bool IsHostname(std::string_view text);
// example.com:80, 192.0.2.1:80, [::1]:80. Port 0 to 65535, without leading zeros.
bool IsHostAndPort(std::string_view text, bool port_required);

enum class IpVersion { kAny = 0, k4 = 4, k6 = 6 };
// Dotted decimal, or RFC 4291 text with an optional RFC 4007 zone (fe80::1%en0).
bool IsIp(std::string_view text, IpVersion version);
// address/length. `strict`: all bits behind the prefix are 0. No zone.
bool IsIpPrefix(std::string_view text, IpVersion version, bool strict);

// RFC 3986, with the zones of RFC 6874.
bool IsUri(std::string_view text);
bool IsUriReference(std::string_view text);

// 8-4-4-4-12 hexadecimal digits of either case; IsTrimmedUuid without the hyphens.
bool IsUuid(std::string_view text);
bool IsTrimmedUuid(std::string_view text);
// 26 characters of Crockford's base 32, of either case, below 2^128.
bool IsUlid(std::string_view text);
// package.Message, with `leading_dot` .package.Message.
bool IsProtobufName(std::string_view text, bool leading_dot);

// HTTP field names and values; not strict: anything without NUL, CR and LF.
bool IsHeaderName(std::string_view text, bool strict);
bool IsHeaderValue(std::string_view text, bool strict);

}  // namespace dataservice::rules
