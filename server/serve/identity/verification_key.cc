#include "serve/identity/verification_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

#include <algorithm>

#include "serve/identity/base64url.h"
#include "serve/identity/strict_json.h"

namespace dataservice {
namespace {

using google::protobuf::Struct;

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;  // a larger key would make each verification slow
constexpr size_t kP256Bytes = 32;
constexpr size_t kEd25519Bytes = 32;

template <typename T, void (*Free)(T*)>
struct Deleter {
  void operator()(T* object) const { Free(object); }
};
template <typename T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Deleter<T, Free>>;

using OwnedNumber = Owned<BIGNUM, BN_free>;
using OwnedBuilder = Owned<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using OwnedParams = Owned<OSSL_PARAM, OSSL_PARAM_free>;
using OwnedContext = Owned<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using OwnedDigest = Owned<EVP_MD_CTX, EVP_MD_CTX_free>;
using OwnedSignature = Owned<ECDSA_SIG, ECDSA_SIG_free>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

OwnedNumber NumberOf(std::string_view bytes) {
  return OwnedNumber(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

// Null if the parameters are no public key of the type.
EVP_PKEY* PublicKey(const char* type, OSSL_PARAM_BLD* builder) {
  const OwnedParams params(OSSL_PARAM_BLD_to_param(builder));
  const OwnedContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) <= 0) {
    return nullptr;
  }
  return key;
}

EVP_PKEY* RsaKey(const Struct& jwk) {
  const auto modulus = DecodeBase64Url(TextMember(jwk, "n"));
  const auto exponent = DecodeBase64Url(TextMember(jwk, "e"));
  if (!modulus || !exponent) return nullptr;
  const OwnedNumber n = NumberOf(*modulus);
  const OwnedNumber e = NumberOf(*exponent);
  const int bits = BN_num_bits(n.get());
  if (bits < kMinRsaBits || bits > kMaxRsaBits || !BN_is_odd(n.get()) || !BN_is_odd(e.get()) ||
      BN_is_one(e.get()) || BN_num_bits(e.get()) > 64) {
    return nullptr;
  }
  const OwnedBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return PublicKey("RSA", builder.get());
}

// OpenSSL refuses a point that is not on the curve.
EVP_PKEY* P256Key(const Struct& jwk) {
  const auto x = DecodeBase64Url(TextMember(jwk, "x"));
  const auto y = DecodeBase64Url(TextMember(jwk, "y"));
  if (TextMember(jwk, "crv") != "P-256" || !x || !y || x->size() != kP256Bytes ||
      y->size() != kP256Bytes) {
    return nullptr;
  }
  const std::string point = "\x04" + *x + *y;  // uncompressed (SEC 1, section 2.3.3)
  const OwnedBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return PublicKey("EC", builder.get());
}

EVP_PKEY* Ed25519Key(const Struct& jwk) {
  const auto x = DecodeBase64Url(TextMember(jwk, "x"));
  if (TextMember(jwk, "crv") != "Ed25519" || !x || x->size() != kEd25519Bytes) return nullptr;
  return EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(*x), x->size());
}

// Whether alg, use and key_ops, each of which may be absent, permit it.
bool PermitsVerification(const Struct& jwk, SignatureAlgorithm algorithm) {
  if (HasMember(jwk, "alg") && AlgorithmOf(TextMember(jwk, "alg")) != algorithm) return false;
  if (HasMember(jwk, "use") && TextMember(jwk, "use") != "sig") return false;
  const auto operations = jwk.fields().find("key_ops");
  if (operations == jwk.fields().end()) return true;
  const auto& values = operations->second.list_value().values();
  return std::any_of(values.begin(), values.end(),
                     [](const auto& value) { return value.string_value() == "verify"; });
}

// The DER form of an ES256 signature, which is r and s with 32 bytes each (RFC 7518, section
// 3.4); empty if it is not.
std::string DerOf(std::string_view signature) {
  if (signature.size() != 2 * kP256Bytes) return {};
  const OwnedSignature pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), NumberOf(signature.substr(0, kP256Bytes)).release(),
                 NumberOf(signature.substr(kP256Bytes)).release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  if (size <= 0) return {};
  std::string out(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

}  // namespace

std::optional<SignatureAlgorithm> AlgorithmOf(std::string_view alg) {
  if (alg == "RS256") return SignatureAlgorithm::kRs256;
  if (alg == "ES256") return SignatureAlgorithm::kEs256;
  if (alg == "EdDSA") return SignatureAlgorithm::kEdDsa;
  return std::nullopt;
}

absl::StatusOr<VerificationKey> VerificationKey::FromJwk(const Struct& jwk) {
  if (HasMember(jwk, "d") || HasMember(jwk, "k")) {
    return absl::InvalidArgumentError("the key is private or symmetric");
  }
  const std::string type = TextMember(jwk, "kty");
  SignatureAlgorithm algorithm;
  EVP_PKEY* key = nullptr;
  if (type == "RSA") {
    algorithm = SignatureAlgorithm::kRs256;
    key = RsaKey(jwk);
  } else if (type == "EC") {
    algorithm = SignatureAlgorithm::kEs256;
    key = P256Key(jwk);
  } else if (type == "OKP") {
    algorithm = SignatureAlgorithm::kEdDsa;
    key = Ed25519Key(jwk);
  } else {
    return absl::InvalidArgumentError("the type of the key is not RSA, EC or OKP");
  }
  if (key == nullptr) return absl::InvalidArgumentError("the key has no usable parameters");
  VerificationKey result(TextMember(jwk, "kid"), algorithm, key);
  if (!PermitsVerification(jwk, algorithm)) {
    return absl::InvalidArgumentError("alg, use or key_ops of the key is for another purpose");
  }
  return result;
}

bool VerificationKey::Verifies(std::string_view text, std::string_view signature) const {
  std::string der;
  if (algorithm_ == SignatureAlgorithm::kEs256) {
    der = DerOf(signature);
    signature = der;
  }
  if (signature.empty()) return false;
  const OwnedDigest context(EVP_MD_CTX_new());
  const EVP_MD* digest = algorithm_ == SignatureAlgorithm::kEdDsa ? nullptr : EVP_sha256();
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text),
                          text.size()) == 1;
}

}  // namespace dataservice
