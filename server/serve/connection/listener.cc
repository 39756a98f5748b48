#include "serve/connection/listener.h"

#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "serve/connection/listen_address.h"

namespace dataservice {
namespace {

// Connections that the system keeps until they are accepted; it may permit fewer
// (net.core.somaxconn).
constexpr int kBacklog = 4096;

uint16_t& PortOf(sockaddr_storage& address) {
  return address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                       : reinterpret_cast<sockaddr_in&>(address).sin_port;
}

bool HasPort(const SocketAddress& address) { return address.address.ss_family != AF_UNIX; }

// 0.0.0.0 with a port.
bool IsWildcard4(const SocketAddress& address) {
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address.address);
  return v4.sin_family == AF_INET && v4.sin_addr.s_addr == INADDR_ANY;
}

// [::] with the same port.
SocketAddress Wildcard6(const SocketAddress& v4) {
  SocketAddress result;
  auto& v6 = reinterpret_cast<sockaddr_in6&>(result.address);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = reinterpret_cast<const sockaddr_in&>(v4.address).sin_port;
  result.size = sizeof v6;
  return result;
}

// The file of a Unix socket that has one.
std::string FileOf(const SocketAddress& address) {
  if (HasPort(address)) return "";
  return reinterpret_cast<const sockaddr_un&>(address.address).sun_path;
}

// A server that was killed leaves its file, on which nobody can listen.
void RemoveSocketFile(const std::string& file) {
  struct stat status;
  if (!file.empty() && stat(file.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) {
    unlink(file.c_str());
  }
}

// No descriptor, and errno, if it fails.
Descriptor ListenOn(const SocketAddress& address) {
  Descriptor result(
      socket(address.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int on = 1;
  const int off = 0;
  if (address.address.ss_family == AF_INET6) {
    setsockopt(result.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  }
  if (HasPort(address)) setsockopt(result.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const auto* place = reinterpret_cast<const sockaddr*>(&address.address);
  if (bind(result.get(), place, address.size) != 0 || listen(result.get(), kBacklog) != 0) {
    return Descriptor();
  }
  return result;
}

uint16_t BoundPort(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return PortOf(address);
}

}  // namespace

absl::StatusOr<Listener> Listener::Open(const std::string& address) {
  auto addresses = Resolve(address);
  if (!addresses.ok()) return addresses.status();
  Listener listener;
  int error = 0;
  uint16_t port = 0;  // of the first socket, in the order of the network
  for (SocketAddress& each : *addresses) {
    if (HasPort(each) && PortOf(each.address) == 0) PortOf(each.address) = port;
    RemoveSocketFile(FileOf(each));
    Descriptor socket;
    if (IsWildcard4(each)) socket = ListenOn(Wildcard6(each));
    if (!socket.exists()) socket = ListenOn(each);
    // A host may have addresses that this machine does not (localhost without IPv6).
    if (!socket.exists() && errno != EADDRNOTAVAIL && errno != EAFNOSUPPORT) error = errno;
    if (!socket.exists()) continue;
    if (HasPort(each)) port = BoundPort(socket.get());
    listener.file_ = FileOf(each);
    listener.sockets_.push_back(std::move(socket));
  }
  if (error == 0 && listener.sockets_.empty()) error = EADDRNOTAVAIL;
  if (error != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": ", std::strerror(error)));
  }
  listener.port_ = ntohs(port);
  return listener;
}

Listener::~Listener() {
  if (!sockets_.empty()) RemoveSocketFile(file_);
}

}  // namespace dataservice
