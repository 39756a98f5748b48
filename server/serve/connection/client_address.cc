#include "serve/connection/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace dataservice {
namespace {

constexpr size_t kIpv4Bytes = 4;

// Where the IPv4 address is in an IPv4-mapped IPv6 address.
constexpr size_t kMappedIpv4 = 12;

// An address with an IPv4 address in IPv6 form as IPv4.
struct Endpoint {
  explicit Endpoint(const sockaddr_storage& address) : family(address.ss_family) {
    if (family == AF_INET) {
      const auto& v4 = reinterpret_cast<const sockaddr_in&>(address);
      std::memcpy(bytes.data(), &v4.sin_addr, kIpv4Bytes);
      port = ntohs(v4.sin_port);
    } else if (family == AF_INET6) {
      const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address);
      port = ntohs(v6.sin6_port);
      scope = v6.sin6_scope_id;
      std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
      if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
        family = AF_INET;
        std::copy_n(bytes.begin() + kMappedIpv4, kIpv4Bytes, bytes.begin());
      }
    }
  }

  std::string Host() const {
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(family, bytes.data(), text, sizeof text);
    return text;
  }

  sa_family_t family;
  std::array<uint8_t, sizeof(in6_addr)> bytes{};
  int port = 0;
  uint32_t scope = 0;
};

}  // namespace

ClientAddress::ClientAddress(const sockaddr_storage& address) {
  const Endpoint endpoint(address);
  family_ = endpoint.family;
  std::copy_n(endpoint.bytes.begin(), family_ == AF_INET ? kIpv4Bytes : bytes_.size(),
              bytes_.begin());
}

std::string ClientAddress::Text() const {
  if (is_unix_socket()) return "unix";
  std::array<uint8_t, sizeof(in6_addr)> all{};
  std::copy(bytes_.begin(), bytes_.end(), all.begin());
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(family_, all.data(), text, sizeof text);
  return family_ == AF_INET6 ? absl::StrCat(text, "/64") : text;
}

std::string PeerName(const sockaddr_storage& address) {
  const Endpoint endpoint(address);
  if (endpoint.family == AF_INET) return absl::StrCat("ipv4:", endpoint.Host(), ":", endpoint.port);
  if (endpoint.family != AF_INET6) return "";
  const std::string scope = endpoint.scope == 0 ? "" : absl::StrCat("%25", endpoint.scope);
  return absl::StrCat("ipv6:%5B", endpoint.Host(), scope, "%5D:", endpoint.port);
}

}  // namespace dataservice
