// Page tokens (AIP-158): the position where the next page begins, bound to its list and
// signed.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;  // OpenSSL's EVP_MAC_CTX

namespace dataservice {

// Signs tokens with HMAC-SHA256 (RFC 2104). Servers that share a key accept
// each other's tokens. Immutable; thread-safe.
class PageTokenSigner {
 public:
  // `key`: any text; 32 random bytes are enough.
  explicit PageTokenSigner(std::string_view key);

  // `scope` is all that decides which rows the list has, and their order.
  std::string Sign(std::string_view scope, std::string_view position) const;

  // The position of a token; nothing if it was edited, or made for another
  // scope or with another key.
  std::optional<std::string> Verify(std::string_view scope, std::string_view token) const;

 private:
  std::string Mac(std::string_view scope, std::string_view position) const;

  // A MAC that has the key and no text yet: each is made of a copy, as looking the
  // algorithm up and hashing the key take longer than the MAC of a position.
  const std::shared_ptr<const evp_mac_ctx_st> keyed_;
};

// A key for a server that is given none: its tokens are valid until the process ends.
std::string RandomTokenKey();

}  // namespace dataservice
