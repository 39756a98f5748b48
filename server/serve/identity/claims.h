// What the claims of a token must be, and whom they name.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <chrono>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "serve/identity/caller.h"

namespace dataservice {

struct ClaimRules {
  // The claim iss must be this text.
  std::string issuer;
  // The claim aud must be, or contain, one of these.
  std::vector<std::string> audiences;
  // By how much clocks may differ.
  std::chrono::milliseconds clock_skew{30000};
};

struct ClaimedCaller {
  CallerPtr caller;
  // When the token expires, the clock skew included.
  absl::Time expires;
};

// Checks the claims of a token whose signature was verified (RFC 7519, section 4.1): iss, aud,
// exp and sub are required; nbf is honoured. TOKEN_EXPIRED or TOKEN_INVALID.
absl::StatusOr<ClaimedCaller> CallerOfClaims(google::protobuf::Struct claims,
                                             const ClaimRules& rules, absl::Time now);

}  // namespace dataservice
