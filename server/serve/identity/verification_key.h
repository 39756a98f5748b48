// One public key that verifies the signatures of tokens.
#pragma once

#include <google/protobuf/struct.pb.h>
#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace dataservice {

// Of JWS (RFC 7518, section 3.1, and RFC 8037). No symmetric algorithm and no "none": a key
// cannot be used with another algorithm than that of its type.
enum class SignatureAlgorithm { kRs256, kEs256, kEdDsa };

// The algorithm of a header's alg, "RS256", "ES256" or "EdDSA"; absent for any other text.
std::optional<SignatureAlgorithm> AlgorithmOf(std::string_view alg);

// Immutable; thread-safe.
class VerificationKey {
 public:
  // From a JWK (RFC 7517): kty RSA with 2048 to 8192 bits, EC with the curve P-256, or OKP with
  // Ed25519. INVALID_ARGUMENT for any other key, for one whose alg, use or key_ops does not
  // permit the verification of signatures, and for a private or symmetric one.
  static absl::StatusOr<VerificationKey> FromJwk(const google::protobuf::Struct& jwk);

  // Empty if the JWK has none.
  const std::string& kid() const { return kid_; }
  SignatureAlgorithm algorithm() const { return algorithm_; }

  bool Verifies(std::string_view text, std::string_view signature) const;

 private:
  VerificationKey(std::string kid, SignatureAlgorithm algorithm, EVP_PKEY* key)
      : kid_(std::move(kid)), algorithm_(algorithm), key_(key, EVP_PKEY_free) {}

  std::string kid_;
  SignatureAlgorithm algorithm_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace dataservice
