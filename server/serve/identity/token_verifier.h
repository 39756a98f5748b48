// Verifies bearer tokens.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "serve/identity/claims.h"
#include "serve/identity/key_source.h"
#include "serve/identity/token_memory.h"

namespace dataservice {

// Thread-safe.
class TokenVerifier {
 public:
  using Clock = std::function<absl::Time()>;

  TokenVerifier(ClaimRules rules, std::unique_ptr<KeySource> keys, Clock now = absl::Now)
      : rules_(std::move(rules)), keys_(std::move(keys)), now_(std::move(now)) {}

  // The caller that a token names (a token of kMaxTokenBytes costs no more than its parse before
  // its signature is checked, and then one check). TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_KEY_UNKNOWN
  // (and new keys are fetched soon), or TOKEN_KEYS_UNAVAILABLE. No message quotes the token.
  absl::StatusOr<CallerPtr> Verify(std::string_view token);

 private:
  absl::StatusOr<ClaimedCaller> Check(std::string_view text, const KeySet& keys, absl::Time now);

  const ClaimRules rules_;
  const std::unique_ptr<KeySource> keys_;
  const Clock now_;
  TokenMemory memory_;
};

}  // namespace dataservice
