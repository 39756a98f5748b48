#include "serve/rpc/listen_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace dataservice {
namespace {

// The host of "host:port", "[host]:port" or "host".
std::string HostOf(absl::string_view address) {
  if (absl::ConsumePrefix(&address, "[")) return std::string(address.substr(0, address.find(']')));
  const size_t colon = address.find(':');
  // Several colons: an IPv6 address without a port.
  const bool has_port = colon != absl::string_view::npos && colon == address.rfind(':');
  return std::string(has_port ? address.substr(0, colon) : address);
}

bool IsLoopback(const sockaddr& address) {
  constexpr uint8_t kLoopbackNetwork = 127;
  if (address.sa_family == AF_INET) {
    const auto& ip = reinterpret_cast<const sockaddr_in&>(address).sin_addr;
    return (ntohl(ip.s_addr) >> 24) == kLoopbackNetwork;
  }
  if (address.sa_family != AF_INET6) return false;
  const auto& ip = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr;
  return IN6_IS_ADDR_LOOPBACK(&ip) ||
         (IN6_IS_ADDR_V4MAPPED(&ip) && ip.s6_addr[12] == kLoopbackNetwork);
}

}  // namespace

bool IsLocalAddress(const std::string& address) {
  absl::string_view rest = address;
  if (absl::StartsWith(rest, "unix:") || absl::StartsWith(rest, "unix-abstract:")) return true;
  if (!absl::ConsumePrefix(&rest, "ipv4:") && !absl::ConsumePrefix(&rest, "ipv6:")) {
    absl::ConsumePrefix(&rest, "dns:");
    absl::ConsumePrefix(&rest, "///");
  }
  const addrinfo hints{.ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  const std::string host = HostOf(rest);
  if (host.empty() || getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return false;
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owned(found, freeaddrinfo);
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    if (!IsLoopback(*each->ai_addr)) return false;
  }
  return true;
}

}  // namespace dataservice
