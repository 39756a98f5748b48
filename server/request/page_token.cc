#include "request/page_token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "absl/strings/escaping.h"

namespace dataservice {
namespace {

// Half of SHA-256: 128 bits cannot be guessed, and tokens stay short.
constexpr size_t kMacSize = 16;

}  // namespace

std::string PageTokenSigner::Mac(std::string_view scope, std::string_view position) const {
  // The length keeps scope and position apart.
  std::string text = std::to_string(scope.size());
  text += ':';
  text += scope;
  text += position;
  unsigned char mac[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac, &size);
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
