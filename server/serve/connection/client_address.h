// Who is at the other end of a connection, as far as its address says.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>

namespace dataservice {

// A client, for the limits of one client: an IPv4 address, or the /64 network of an IPv6 address,
// all of which one machine can have (RFC 4291, 2.5.4). All Unix sockets are one client.
class ClientAddress {
 public:
  // Of Unix sockets.
  ClientAddress() = default;
  explicit ClientAddress(const sockaddr_storage& address);

  // A socket that only this machine can reach.
  bool is_unix_socket() const { return family_ == AF_UNIX; }
  std::string Text() const;

  friend bool operator==(const ClientAddress& a, const ClientAddress& b) {
    return a.family_ == b.family_ && a.bytes_ == b.bytes_;
  }
  template <typename H>
  friend H AbslHashValue(H hash, const ClientAddress& address) {
    return H::combine(std::move(hash), address.family_, address.bytes_);
  }

 private:
  sa_family_t family_ = AF_UNIX;
  std::array<uint8_t, 8> bytes_{};
};

// The name that gRPC 1.51 gives to the other end of a connection (grpc::ServerContext::peer):
// "ipv4:127.0.0.1:1234", "ipv6:%5B::1%5D:1234". Empty for a Unix socket.
std::string PeerName(const sockaddr_storage& address);

}  // namespace dataservice
