// How callers are identified, and the authenticator that does it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "serve/identity/authenticator.h"
#include "serve/identity/claims.h"
#include "serve/identity/key_source.h"

namespace dataservice {

struct IdentitySettings {
  KeySettings keys;
  ClaimRules tokens;
  // Patterns (name_pattern.h) of the identities of peers that pass their callers' tokens, such
  // as gateways. Such a peer is never a caller itself.
  std::vector<std::string> trusted_forwarders;
  // Whether a call needs an identity. Absent: it does as soon as there is a way to have one,
  // which is client certificates or tokens.
  std::optional<bool> require_identity;
};

// `certificates`: clients can have certificates (--tls_client_ca). Null if there is no way to
// identify a caller, so that each is anonymous. INVALID_ARGUMENT for settings that contradict each
// other or leave a gap: keys without issuer or audience, forwarders without certificates, keys
// from http:// on another machine unless `allow_cleartext`.
absl::StatusOr<std::unique_ptr<Authenticator>> MakeAuthenticator(const IdentitySettings& settings,
                                                                 bool certificates,
                                                                 bool allow_cleartext);

}  // namespace dataservice
