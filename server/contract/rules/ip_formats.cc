// Addresses: the C library's parser accepts just the texts of RFC 4291 and dotted
// decimal without leading zeros.
#include <arpa/inet.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "contract/rules/characters.h"
#include "contract/rules/string_formats.h"

namespace dataservice::rules {
namespace {

struct Address {
  unsigned char bytes[16] = {};
  int bits = 0;  // 32 or 128
};

std::optional<Address> ParseAddress(std::string_view text, IpVersion version) {
  char terminated[INET6_ADDRSTRLEN];  // longer than any address
  if (text.size() >= sizeof(terminated) || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  std::memcpy(terminated, text.data(), text.size());
  terminated[text.size()] = '\0';
  Address address;
  address.bits = version == IpVersion::k4 ? 32 : 128;
  const int family = version == IpVersion::k4 ? AF_INET : AF_INET6;
  if (inet_pton(family, terminated, address.bytes) != 1) return std::nullopt;
  return address;
}

// A decimal number of at most `digits` digits without leading zeros.
std::optional<int> ParseNumber(std::string_view text, size_t digits) {
  if (text.empty() || text.size() > digits || !AllOf(text, IsDigit)) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  int number = 0;
  for (const char c : text) number = number * 10 + (c - '0');
  return number;
}

bool IsPort(std::string_view text) {
  const std::optional<int> port = ParseNumber(text, 5);
  return port.has_value() && *port <= 65535;
}

bool HasBitsBehind(const Address& address, int length) {
  for (int bit = length; bit < address.bits; ++bit) {
    if ((address.bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) return true;
  }
  return false;
}

}  // namespace

bool IsIp(std::string_view text, IpVersion version) {
  if (version == IpVersion::kAny) return IsIp(text, IpVersion::k4) || IsIp(text, IpVersion::k6);
  if (version == IpVersion::k6) {
    // RFC 4007, section 11: any text may name a zone.
    const size_t percent = text.find('%');
    if (percent != std::string_view::npos) {
      if (percent + 1 == text.size()) return false;
      text = text.substr(0, percent);
    }
  }
  return ParseAddress(text, version).has_value();
}

bool IsIpPrefix(std::string_view text, IpVersion version, bool strict) {
  if (version == IpVersion::kAny) {
    return IsIpPrefix(text, IpVersion::k4, strict) || IsIpPrefix(text, IpVersion::k6, strict);
  }
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) return false;
  const std::optional<Address> address = ParseAddress(text.substr(0, slash), version);
  const std::optional<int> length = ParseNumber(text.substr(slash + 1), 3);
  if (!address || !length || *length > address->bits) return false;
  return !strict || !HasBitsBehind(*address, *length);
}

bool IsHostAndPort(std::string_view text, bool port_required) {
  const size_t colon = text.rfind(':');
  if (!text.empty() && text.front() == '[') {
    const size_t end = text.rfind(']');
    if (end == std::string_view::npos || !IsIp(text.substr(1, end - 1), IpVersion::k6)) {
      return false;
    }
    if (end + 1 == text.size()) return !port_required;
    return colon == end + 1 && IsPort(text.substr(colon + 1));
  }
  const bool has_port = colon != std::string_view::npos;
  if (!has_port && port_required) return false;
  const std::string_view host = text.substr(0, colon);
  return (IsHostname(host) || IsIp(host, IpVersion::k4)) &&
         (!has_port || IsPort(text.substr(colon + 1)));
}

}  // namespace dataservice::rules
