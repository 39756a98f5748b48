// Addresses to listen on, in the forms that gRPC takes (its "gRPC Name Resolution"): "host:port",
// "[::1]:port", "dns:host:port", "ipv4:...", "ipv6:...", "unix:path", "unix-abstract:name".
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace dataservice {

// Whether only this machine can connect to an address: a Unix socket, or a host (an IP address, or
// a name all of whose addresses count) that is loopback (127.0.0.0/8, ::1). False for what cannot
// be resolved. May ask the name service.
bool IsLocalAddress(const std::string& address);

// Whether an address of IPv4 or IPv6 is loopback (127.0.0.0/8, also mapped into IPv6, or ::1).
bool IsLoopback(const sockaddr& address);

struct SocketAddress {
  sockaddr_storage address{};
  socklen_t size = 0;
};

// The addresses of a host with a port, or of a Unix socket. INVALID_ARGUMENT if it has none of the
// forms, or the host cannot be resolved. May ask the name service.
absl::StatusOr<std::vector<SocketAddress>> Resolve(const std::string& address);

}  // namespace dataservice
