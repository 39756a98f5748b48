#include "serve/identity/token_verifier.h"

#include <utility>

#include "serve/errors/errors.h"
#include "serve/identity/token.h"

namespace dataservice {

absl::StatusOr<CallerPtr> TokenVerifier::Verify(std::string_view token) {
  if (token.size() > kMaxTokenBytes) return ParseToken(token).status();
  const std::shared_ptr<const KeySet> keys = keys_->Current();
  if (keys == nullptr) return TokenKeysUnavailable();
  const absl::Time now = now_();
  const TokenDigest digest = DigestOf(token);
  if (CallerPtr known = memory_.Find(digest, keys->id(), now)) return known;
  auto claimed = Check(token, *keys, now);
  if (!claimed.ok()) return claimed.status();
  memory_.Remember(digest, keys->id(), *claimed);
  return std::move(claimed->caller);
}

absl::StatusOr<ClaimedCaller> TokenVerifier::Check(std::string_view text, const KeySet& keys,
                                                   absl::Time now) {
  auto token = ParseToken(text);
  if (!token.ok()) return token.status();
  const VerificationKey* key = keys.Find(token->kid, token->algorithm);
  if (key == nullptr) {
    if (token->kid.empty()) return TokenInvalid("it has no kid, and the key set several keys");
    if (keys.Knows(token->kid)) return TokenInvalid("its algorithm is not that of its key");
    keys_->Refresh();
    return TokenKeyUnknown();
  }
  if (!key->Verifies(token->signed_text, token->signature)) {
    return TokenInvalid("its signature is wrong");
  }
  return CallerOfClaims(std::move(token->claims), rules_, now);
}

}  // namespace dataservice
