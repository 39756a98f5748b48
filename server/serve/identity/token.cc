#include "serve/identity/token.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "serve/errors/errors.h"
#include "serve/identity/base64url.h"
#include "serve/identity/strict_json.h"
#include "view.h"

namespace dataservice {
namespace {

using google::protobuf::Struct;

constexpr absl::string_view kScheme = "bearer";

bool IsTokenCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.' ||
         c == '~' || c == '+' || c == '/' || c == '=';
}

absl::StatusOr<Struct> ReadPart(std::string_view part, const char* name) {
  const auto json = DecodeBase64Url(part);
  if (!json) return TokenInvalid(absl::StrCat("its ", name, " is not base64url"));
  auto object = ParseJsonObject(*json);
  if (object.ok()) return object;
  return TokenInvalid(absl::StrCat("its ", name, " is not a JSON object with distinct members"));
}

bool IsJwtType(const Struct& header) {
  if (!HasMember(header, "typ")) return true;
  std::string type = absl::AsciiStrToLower(TextMember(header, "typ"));
  if (absl::StartsWith(type, "application/")) type.erase(0, sizeof "application/" - 1);
  return type == "jwt" || type == "at+jwt";
}

absl::Status ReadHeader(const Struct& header, Token& token) {
  for (const char* name : {"jwk", "jku", "x5u", "x5c", "crit", "zip", "b64", "enc"}) {
    if (!HasMember(header, name)) continue;
    return TokenInvalid(absl::StrCat("its header has the member ", name));
  }
  if (!IsJwtType(header)) return TokenInvalid("its type is not JWT");
  const auto algorithm = AlgorithmOf(TextMember(header, "alg"));
  if (!algorithm) return TokenInvalid("its algorithm is not RS256, ES256 or EdDSA");
  token.algorithm = *algorithm;
  token.kid = TextMember(header, "kid");
  if (HasMember(header, "kid") && token.kid.empty()) return TokenInvalid("its kid is not a text");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string_view> BearerToken(std::string_view authorization) {
  if (!absl::StartsWithIgnoreCase(View(authorization), kScheme) ||
      authorization.substr(kScheme.size()).substr(0, 1) != " ") {
    return TokenInvalid("authorization does not have the form `Bearer TOKEN`");
  }
  std::string_view token = authorization.substr(kScheme.size());
  token.remove_prefix(std::min(token.find_first_not_of(' '), token.size()));
  if (token.empty() || !std::all_of(token.begin(), token.end(), IsTokenCharacter)) {
    return TokenInvalid("authorization does not have the form `Bearer TOKEN`");
  }
  return token;
}

absl::StatusOr<Token> ParseToken(std::string_view text) {
  if (text.size() > kMaxTokenBytes) {
    return TokenInvalid(absl::StrCat("it has more than ", kMaxTokenBytes, " bytes"));
  }
  const size_t first = text.find('.');
  const size_t last = text.rfind('.');
  if (first == last || text.find('.', first + 1) != last) {
    return TokenInvalid("it does not have the three parts of a signed JWT");
  }
  const auto header = ReadPart(text.substr(0, first), "header");
  if (!header.ok()) return header.status();
  Token token;
  absl::Status status = ReadHeader(*header, token);
  if (!status.ok()) return status;
  auto signature = DecodeBase64Url(text.substr(last + 1));
  if (!signature || signature->empty()) return TokenInvalid("its signature is not base64url");
  auto claims = ReadPart(text.substr(first + 1, last - first - 1), "payload");
  if (!claims.ok()) return claims.status();
  token.claims = *std::move(claims);
  token.signed_text = text.substr(0, last);
  token.signature = *std::move(signature);
  return token;
}

}  // namespace dataservice
