#include "serve/request/page_token.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <new>
#include <stdexcept>

#include "absl/strings/escaping.h"

namespace dataservice {
namespace {

// Half of SHA-256: 128 bits cannot be guessed, and tokens stay short.
constexpr size_t kMacSize = 16;

using MacContext = std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)>;

std::shared_ptr<const EVP_MAC_CTX> MakeKeyed(std::string_view key) {
  const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> hmac(
      EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr), EVP_MAC_free);
  MacContext mac(EVP_MAC_CTX_new(hmac.get()), EVP_MAC_CTX_free);
  std::string digest = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0),
      OSSL_PARAM_construct_end()};
  if (mac == nullptr || EVP_MAC_init(mac.get(), reinterpret_cast<const unsigned char*>(key.data()),
                                     key.size(), parameters) != 1) {
    throw std::runtime_error("OpenSSL has no HMAC-SHA256");
  }
  return mac;
}

void Update(EVP_MAC_CTX* mac, std::string_view text) {
  EVP_MAC_update(mac, reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

}  // namespace

PageTokenSigner::PageTokenSigner(std::string_view key) : keyed_(MakeKeyed(key)) {}

std::string PageTokenSigner::Mac(std::string_view scope, std::string_view position) const {
  const MacContext copy(EVP_MAC_CTX_dup(keyed_.get()), EVP_MAC_CTX_free);
  // A token without a MAC would be anyone's.
  if (copy == nullptr) throw std::bad_alloc();
  // The length keeps scope and position apart.
  Update(copy.get(), std::to_string(scope.size()));
  Update(copy.get(), ":");
  Update(copy.get(), scope);
  Update(copy.get(), position);
  unsigned char mac[EVP_MAX_MD_SIZE];
  size_t size = 0;
  if (EVP_MAC_final(copy.get(), mac, &size, sizeof(mac)) != 1) throw std::bad_alloc();
  return std::string(reinterpret_cast<const char*>(mac), kMacSize);
}

std::string PageTokenSigner::Sign(std::string_view scope, std::string_view position) const {
  std::string token = Mac(scope, position);
  token += position;
  return absl::WebSafeBase64Escape(token);
}

std::optional<std::string> PageTokenSigner::Verify(std::string_view scope,
                                                   std::string_view token) const {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(absl::string_view(token.data(), token.size()), &bytes) ||
      bytes.size() < kMacSize ||
      // One text a token: the decoder takes padding, blanks and spare bits.
      absl::WebSafeBase64Escape(bytes) != absl::string_view(token.data(), token.size())) {
    return std::nullopt;
  }
  const std::string_view position = std::string_view(bytes).substr(kMacSize);
  const std::string mac = Mac(scope, position);
  if (CRYPTO_memcmp(mac.data(), bytes.data(), kMacSize) != 0) return std::nullopt;
  return std::string(position);
}

std::string RandomTokenKey() {
  std::string key(32, '\0');
  RAND_bytes(reinterpret_cast<unsigned char*>(key.data()), static_cast<int>(key.size()));
  return key;
}

}  // namespace dataservice
