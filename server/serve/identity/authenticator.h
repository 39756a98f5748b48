// Finds out who makes a call, from the certificate of its connection and its metadata
// `authorization`, and from nothing else.
#pragma once

#include <string>
#include <string_view>

#include "absl/container/inlined_vector.h"
#include "absl/status/statusor.h"
#include "serve/identity/caller.h"

namespace dataservice {

// The client of a connection, as the TLS handshake verified it.
struct Peer {
  // It has a certificate that --tls_client_ca signed.
  bool has_certificate = false;
  // The certificate's URI SAN, else its first DNS SAN, else its CN. Empty if it has no name
  // that can be an identity.
  std::string identity;
};

// All values of the metadata `authorization`.
using AuthorizationValues = absl::InlinedVector<std::string_view, 1>;

class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // Never null. UNAUTHENTICATED if the call must have an identity and has none, or has a
  // credential that does not hold; UNAVAILABLE if the keys of tokens have not been read yet.
  // Thread-safe; does not block.
  virtual absl::StatusOr<CallerPtr> Identify(const Peer& peer,
                                             const AuthorizationValues& authorization) const = 0;
};

}  // namespace dataservice
