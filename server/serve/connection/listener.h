// The sockets that listen on an address.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "serve/connection/descriptor.h"

namespace dataservice {

class Listener {
 public:
  // Listens on all addresses of a host (serve/connection/listen_address.h), on any free port if the
  // port is 0, and, as gRPC does, on all addresses of IPv4 and IPv6 if the host is 0.0.0.0.
  // UNAVAILABLE if another socket listens there, INVALID_ARGUMENT if the address has no known
  // form.
  static absl::StatusOr<Listener> Open(const std::string& address);
  Listener(Listener&&) = default;
  // Removes the file of a Unix socket.
  ~Listener();

  const std::vector<Descriptor>& sockets() const { return sockets_; }
  // 0 for a Unix socket.
  int port() const { return port_; }

 private:
  Listener() = default;

  std::vector<Descriptor> sockets_;
  int port_ = 0;
  std::string file_;
};

}  // namespace dataservice
