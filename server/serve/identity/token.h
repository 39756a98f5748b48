// A JWT in the compact form of JWS (RFC 7519, RFC 7515), parsed but not verified.
#pragma once

#include <google/protobuf/struct.pb.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "serve/identity/verification_key.h"

namespace dataservice {

// Bytes of a token at most.
inline constexpr size_t kMaxTokenBytes = 16 * 1024;

struct Token {
  // Of the header; empty if it has none.
  std::string kid;
  SignatureAlgorithm algorithm = SignatureAlgorithm::kRs256;
  google::protobuf::Struct claims;
  // What is signed, a part of the text that was parsed, and the signature's bytes.
  std::string_view signed_text;
  std::string signature;
};

// The token of the value of `authorization` with the scheme Bearer (RFC 6750, section 2.1), in
// any case. TOKEN_INVALID for another scheme, and for a text that is no token68.
absl::StatusOr<std::string_view> BearerToken(std::string_view authorization);

// `text` outlives the result. TOKEN_INVALID for what is no token, and for a header that this
// server does not accept: an alg other than those of SignatureAlgorithm, a key in the token
// itself (jwk, jku, x5u, x5c), any crit (RFC 7515, section 4.1.11), compression, and a typ other
// than JWT and at+jwt (RFC 8725, section 3.11). No message quotes the text.
absl::StatusOr<Token> ParseToken(std::string_view text);

}  // namespace dataservice
