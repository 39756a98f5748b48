// The public keys of an issuer of tokens: a JWK Set (RFC 7517, section 5).
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "serve/identity/verification_key.h"

namespace dataservice {

// Immutable; thread-safe.
class KeySet {
 public:
  // Keys at most; a larger set is refused.
  static constexpr int kMaxKeys = 100;

  // Ignores keys that VerificationKey refuses, as RFC 7517 asks. INVALID_ARGUMENT, with a
  // message that quotes nothing of the text, if the text is no JWK Set, no key is left, or two
  // keys of one type have the same kid.
  static absl::StatusOr<std::shared_ptr<const KeySet>> Parse(std::string_view json);

  // Different for each set that was parsed.
  uint64_t id() const { return id_; }

  // Whether a key of any type has this kid.
  bool Knows(std::string_view kid) const;
  // The key of the algorithm with this kid. With an empty kid, the only key of the algorithm.
  // Null if none, or several, are left.
  const VerificationKey* Find(std::string_view kid, SignatureAlgorithm algorithm) const;

 private:
  explicit KeySet(std::vector<VerificationKey> keys);

  const uint64_t id_;
  const std::vector<VerificationKey> keys_;
};

}  // namespace dataservice
