// The rules of who the caller is (SECURITY.md, "Transport and identity").
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "serve/identity/authenticator.h"
#include "serve/identity/token_verifier.h"

namespace dataservice {

// A peer with a certificate is itself. A peer whose identity matches a pattern of forwarders is
// the subject of the token that it passes, or anonymous. A peer without a certificate is the
// subject of its token, or anonymous. Whoever sends `authorization` must send one valid bearer
// token: an invalid one fails the call even where it would not decide who the caller is.
class VerifyingAuthenticator final : public Authenticator {
 public:
  // Without a verifier every token is refused. `required`: anonymous callers are refused.
  VerifyingAuthenticator(std::unique_ptr<TokenVerifier> verifier,
                         std::vector<std::string> forwarders, bool required)
      : verifier_(std::move(verifier)), forwarders_(std::move(forwarders)), required_(required) {}

  absl::StatusOr<CallerPtr> Identify(const Peer& peer,
                                     const AuthorizationValues& authorization) const override;

 private:
  bool IsForwarder(const Peer& peer) const;
  absl::StatusOr<CallerPtr> CallerOfToken(const AuthorizationValues& authorization) const;

  const std::unique_ptr<TokenVerifier> verifier_;
  const std::vector<std::string> forwarders_;
  const bool required_;
};

}  // namespace dataservice
