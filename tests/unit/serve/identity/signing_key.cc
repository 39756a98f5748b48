#include "serve/identity/signing_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/pem.h>

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace dataservice::test {
namespace {

constexpr int kP256Bytes = 32;

std::string Number(EVP_PKEY* key, const char* name, int bytes = 0) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key, name, &number);
  std::string out(static_cast<size_t>(bytes == 0 ? BN_num_bytes(number) : bytes), '\0');
  BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
  BN_free(number);
  return Base64Url(out);
}

// r and s of a DER signature, with 32 bytes each.
std::string RawOf(const std::vector<unsigned char>& der, size_t size) {
  const unsigned char* begin = der.data();
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(size));
  std::string out(2 * kP256Bytes, '\0');
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), bytes, kP256Bytes);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), bytes + kP256Bytes, kP256Bytes);
  ECDSA_SIG_free(signature);
  return out;
}

}  // namespace

std::string Base64Url(const std::string& bytes) { return absl::WebSafeBase64Escape(bytes); }

std::string JwkSet(std::initializer_list<std::string> keys) {
  return absl::StrCat("{\"keys\":[", absl::StrJoin(keys, ","), "]}");
}

SigningKey SigningKey::Rsa(unsigned bits) { return {"RS256", EVP_RSA_gen(bits)}; }
SigningKey SigningKey::P256() { return {"ES256", EVP_EC_gen("P-256")}; }
SigningKey SigningKey::Ed25519() {
  return {"EdDSA", EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
}

std::string SigningKey::Jwk(const std::string& kid, const std::string& more) const {
  std::string members;
  if (alg_ == "RS256") {
    members = absl::StrCat(R"("kty":"RSA","n":")", Number(key_.get(), OSSL_PKEY_PARAM_RSA_N),
                           R"(","e":")", Number(key_.get(), OSSL_PKEY_PARAM_RSA_E), "\"");
  } else if (alg_ == "ES256") {
    members = absl::StrCat(R"("kty":"EC","crv":"P-256","x":")",
                           Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kP256Bytes), R"(","y":")",
                           Number(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kP256Bytes), "\"");
  } else {
    std::string bytes(32, '\0');
    size_t size = bytes.size();
    EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(bytes.data()), &size);
    members = absl::StrCat(R"("kty":"OKP","crv":"Ed25519","x":")", Base64Url(bytes), "\"");
  }
  const std::string id = kid.empty() ? "" : absl::StrCat(R"(,"kid":")", kid, "\"");
  return absl::StrCat("{", members, id, more, "}");
}

std::string SigningKey::PublicPem() const {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key_.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<size_t>(size));
  BIO_free(bio);
  return pem;
}

std::string SigningKey::Sign(const std::string& text) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const EVP_MD* digest = alg_ == "EdDSA" ? nullptr : EVP_sha256();
  std::vector<unsigned char> signature(2048);
  size_t size = signature.size();
  EVP_DigestSignInit(context, nullptr, digest, nullptr, key_.get());
  EVP_DigestSign(context, signature.data(), &size,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  if (alg_ == "ES256") return RawOf(signature, size);
  return {reinterpret_cast<const char*>(signature.data()), size};
}

std::string SigningKey::Token(const std::string& header, const std::string& claims) const {
  const std::string text = absl::StrCat(Base64Url(header), ".", Base64Url(claims));
  return absl::StrCat(text, ".", Base64Url(Sign(text)));
}

std::string SigningKey::TokenOf(const std::string& kid, const std::string& claims) const {
  return Token(absl::StrCat(R"({"alg":")", alg_, R"(","typ":"JWT","kid":")", kid, R"("})"), claims);
}

}  // namespace dataservice::test
