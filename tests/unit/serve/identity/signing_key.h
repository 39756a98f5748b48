// Keys and tokens of an issuer, made at run time.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

namespace dataservice::test {

class SigningKey {
 public:
  static SigningKey Rsa(unsigned bits = 2048);
  static SigningKey P256();
  static SigningKey Ed25519();

  // "RS256", "ES256" or "EdDSA".
  const std::string& alg() const { return alg_; }
  // The public key as JWK, with further members (", \"use\":\"sig\"").
  std::string Jwk(const std::string& kid, const std::string& more = "") const;
  // The public key as PEM: what an attacker would use as the secret of HS256.
  std::string PublicPem() const;
  // A signature in the form of JWS.
  std::string Sign(const std::string& text) const;
  // A token of this header and these claims, which are JSON texts.
  std::string Token(const std::string& header, const std::string& claims) const;
  // One whose header has the alg of the key and this kid.
  std::string TokenOf(const std::string& kid, const std::string& claims) const;

 private:
  SigningKey(std::string alg, EVP_PKEY* key) : alg_(std::move(alg)), key_(key, EVP_PKEY_free) {}

  std::string alg_;
  std::shared_ptr<EVP_PKEY> key_;
};

std::string Base64Url(const std::string& bytes);
// A JWK Set of these JWKs.
std::string JwkSet(std::initializer_list<std::string> keys);

}  // namespace dataservice::test
