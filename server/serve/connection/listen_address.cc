#include "serve/connection/listen_address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstddef>
#include <cstring>
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dataservice {
namespace {

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

struct HostAndPort {
  std::string host;
  std::string port;  // empty where there is none
};

// Of "host:port", "[host]:port" or "host".
HostAndPort Divide(absl::string_view address) {
  if (absl::ConsumePrefix(&address, "[")) {
    const size_t end = address.find(']');
    absl::string_view rest = end == absl::string_view::npos ? "" : address.substr(end + 1);
    absl::ConsumePrefix(&rest, ":");
    return {std::string(address.substr(0, end)), std::string(rest)};
  }
  const size_t colon = address.find(':');
  // Several colons: an IPv6 address without a port.
  const bool has_port = colon != absl::string_view::npos && colon == address.rfind(':');
  if (!has_port) return {std::string(address), ""};
  return {std::string(address.substr(0, colon)), std::string(address.substr(colon + 1))};
}

bool IsUnixSocket(absl::string_view address) {
  return absl::StartsWith(address, "unix:") || absl::StartsWith(address, "unix-abstract:");
}

// Without the scheme of an address that is no Unix socket.
absl::string_view WithoutScheme(absl::string_view address) {
  if (absl::ConsumePrefix(&address, "ipv4:") || absl::ConsumePrefix(&address, "ipv6:")) {
    return address;
  }
  absl::ConsumePrefix(&address, "dns:");
  absl::ConsumePrefix(&address, "///");
  return address;
}

Addresses Find(const HostAndPort& place, int flags) {
  const addrinfo hints{.ai_flags = flags, .ai_socktype = SOCK_STREAM};
  addrinfo* found = nullptr;
  const char* port = place.port.empty() ? nullptr : place.port.c_str();
  if (place.host.empty() || getaddrinfo(place.host.c_str(), port, &hints, &found) != 0) {
    found = nullptr;
  }
  return {found, &freeaddrinfo};
}

absl::StatusOr<SocketAddress> UnixSocket(absl::string_view address) {
  SocketAddress result;
  auto& place = reinterpret_cast<sockaddr_un&>(result.address);
  place.sun_family = AF_UNIX;
  // An abstract name begins with a zero byte and has no end.
  const bool abstract = absl::ConsumePrefix(&address, "unix-abstract:");
  absl::ConsumePrefix(&address, "unix:");
  absl::ConsumePrefix(&address, "//");
  const size_t offset = abstract ? 1 : 0;
  if (address.empty() || offset + address.size() >= sizeof place.sun_path) {
    return absl::InvalidArgumentError("the name of a Unix socket is empty or too long");
  }
  std::memcpy(place.sun_path + offset, address.data(), address.size());
  result.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size() + 1);
  return result;
}

}  // namespace

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

bool IsLocalAddress(const std::string& address) {
  if (IsUnixSocket(address)) return true;
  const Addresses found = Find({.host = Divide(WithoutScheme(address)).host, .port = ""}, 0);
  for (const addrinfo* each = found.get(); each != nullptr; each = each->ai_next) {
    if (!IsLoopback(*each->ai_addr)) return false;
  }
  return found != nullptr;
}

absl::StatusOr<std::vector<SocketAddress>> Resolve(const std::string& address) {
  std::vector<SocketAddress> addresses;
  if (IsUnixSocket(address)) {
    auto socket = UnixSocket(address);
    if (!socket.ok()) return socket.status();
    addresses.push_back(*socket);
    return addresses;
  }
  const HostAndPort place = Divide(WithoutScheme(address));
  if (place.port.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the address ", address, " has no port"));
  }
  const Addresses found = Find(place, AI_PASSIVE | AI_NUMERICSERV);
  for (const addrinfo* each = found.get(); each != nullptr; each = each->ai_next) {
    SocketAddress& added = addresses.emplace_back();
    std::memcpy(&added.address, each->ai_addr, each->ai_addrlen);
    added.size = each->ai_addrlen;
  }
  if (addresses.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("the address ", address, " cannot be resolved"));
  }
  return addresses;
}

}  // namespace dataservice
