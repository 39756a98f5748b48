#include "serve/identity/claims.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "serve/errors/errors.h"
#include "serve/identity/strict_json.h"

namespace dataservice {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

// Seconds since 1970 of the end of the year 9999: what is later is as good as never.
constexpr double kLatest = 253402300799;

const Value* Find(const Struct& claims, const char* name) {
  const auto found = claims.fields().find(name);
  return found == claims.fields().end() ? nullptr : &found->second;
}

// The texts of a claim that is one text or a list.
std::vector<std::string> Texts(const Value* value) {
  if (value == nullptr) return {};
  if (!value->has_list_value()) return {value->string_value()};
  std::vector<std::string> texts;
  for (const Value& element : value->list_value().values()) texts.push_back(element.string_value());
  return texts;
}

bool IsForAudience(const Struct& claims, const std::vector<std::string>& audiences) {
  const std::vector<std::string> named = Texts(Find(claims, "aud"));
  return std::any_of(named.begin(), named.end(), [&](const std::string& name) {
    return !name.empty() && std::find(audiences.begin(), audiences.end(), name) != audiences.end();
  });
}

// A NumericDate; absent for any other value.
std::optional<absl::Time> TimeOf(const Value& value) {
  if (value.kind_case() != Value::kNumberValue || value.number_value() < 0) return std::nullopt;
  return absl::UnixEpoch() + absl::Seconds(std::min(value.number_value(), kLatest));
}

absl::StatusOr<absl::Time> ExpiryOf(const Struct& claims, const ClaimRules& rules, absl::Time now) {
  const absl::Duration skew = absl::FromChrono(rules.clock_skew);
  const Value* exp = Find(claims, "exp");
  const auto expires = exp == nullptr ? std::nullopt : TimeOf(*exp);
  if (!expires) return TokenInvalid("its claim exp is missing or not a time");
  if (now >= *expires + skew) return TokenExpired();
  if (const Value* nbf = Find(claims, "nbf"); nbf != nullptr) {
    const auto begins = TimeOf(*nbf);
    if (!begins) return TokenInvalid("its claim nbf is not a time");
    if (now < *begins - skew) return TokenInvalid("it is not valid yet");
  }
  return *expires + skew;
}

bool IsSubject(const std::string& text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_iscntrl(static_cast<unsigned char>(c));
  });
}

std::vector<std::string> ScopesOf(const Struct& claims) {
  std::vector<std::string> scopes;
  for (const char* name : {"scope", "scp"}) {
    for (const std::string& text : Texts(Find(claims, name))) {
      for (const absl::string_view scope : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
        scopes.emplace_back(scope);
      }
    }
  }
  return scopes;
}

}  // namespace

absl::StatusOr<ClaimedCaller> CallerOfClaims(Struct claims, const ClaimRules& rules,
                                             absl::Time now) {
  if (TextMember(claims, "iss") != rules.issuer) return TokenInvalid("it has another issuer");
  if (!IsForAudience(claims, rules.audiences)) return TokenInvalid("it is for another audience");
  const auto expires = ExpiryOf(claims, rules, now);
  if (!expires.ok()) return expires.status();
  auto caller = std::make_shared<Caller>();
  caller->kind = CallerKind::kToken;
  caller->subject = TextMember(claims, "sub");
  if (!IsSubject(caller->subject)) return TokenInvalid("its claim sub is missing or not a name");
  caller->issuer = rules.issuer;
  caller->scopes = ScopesOf(claims);
  caller->claims = std::move(claims);
  return ClaimedCaller{std::move(caller), *expires};
}

}  // namespace dataservice
