#include "serve/identity/verifying_authenticator.h"

#include <algorithm>

#include "serve/errors/errors.h"
#include "serve/identity/name_pattern.h"
#include "serve/identity/token.h"

namespace dataservice {

absl::StatusOr<CallerPtr> VerifyingAuthenticator::Identify(
    const Peer& peer, const AuthorizationValues& authorization) const {
  if (peer.has_certificate && peer.identity.empty()) return CertificateNamesNobody();
  CallerPtr caller = AnonymousCaller();
  if (!authorization.empty()) {
    auto named = CallerOfToken(authorization);
    if (!named.ok()) return named.status();
    caller = *std::move(named);
  }
  if (peer.has_certificate && !IsForwarder(peer)) {
    caller = std::make_shared<Caller>(
        Caller{.kind = CallerKind::kCertificate, .subject = peer.identity});
  }
  if (required_ && caller->kind == CallerKind::kAnonymous) return IdentityRequired();
  return caller;
}

bool VerifyingAuthenticator::IsForwarder(const Peer& peer) const {
  return std::any_of(forwarders_.begin(), forwarders_.end(), [&](const std::string& pattern) {
    return MatchesPattern(pattern, peer.identity);
  });
}

absl::StatusOr<CallerPtr> VerifyingAuthenticator::CallerOfToken(
    const AuthorizationValues& authorization) const {
  if (authorization.size() > 1) return TokenInvalid("authorization has several values");
  const auto token = BearerToken(authorization.front());
  if (!token.ok()) return token.status();
  if (verifier_ == nullptr) return TokenInvalid("this server has no keys that verify tokens");
  return verifier_->Verify(*token);
}

}  // namespace dataservice
