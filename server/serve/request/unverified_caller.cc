#include "serve/request/unverified_caller.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dataservice {
namespace {

constexpr absl::string_view kScheme = "bearer ";

// A claim that is a text and not empty.
std::optional<std::string> TextClaim(const google::protobuf::Struct& claims, const char* name) {
  const auto found = claims.fields().find(name);
  if (found == claims.fields().end() || found->second.string_value().empty()) return std::nullopt;
  return found->second.string_value();
}

std::optional<std::string> SubjectOf(absl::string_view token) {
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  std::string header;
  std::string payload;
  if (parts.size() != 3 || !absl::WebSafeBase64Unescape(parts[0], &header) ||
      !absl::WebSafeBase64Unescape(parts[1], &payload)) {
    return std::nullopt;
  }
  google::protobuf::Struct claims;
  if (!google::protobuf::util::JsonStringToMessage(payload, &claims).ok()) return std::nullopt;
  const auto issuer = TextClaim(claims, "iss");
  const auto subject = TextClaim(claims, "sub");
  if (!issuer || !subject) return std::nullopt;
  // The length keeps two pairs from being one text.
  return absl::StrCat("issuer=", issuer->size(), ":", *issuer, " subject=", *subject);
}

}  // namespace

std::string UnverifiedCaller(std::string_view authorization) {
  const absl::string_view value(authorization.data(), authorization.size());
  if (absl::StartsWithIgnoreCase(value, kScheme)) {
    const auto subject = SubjectOf(absl::StripAsciiWhitespace(value.substr(kScheme.size())));
    if (subject) return *subject;
  }
  return absl::StrCat("authorization=", value);
}

}  // namespace dataservice
