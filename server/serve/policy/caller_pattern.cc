#include "serve/policy/caller_pattern.h"

#include <algorithm>

#include "serve/identity/name_pattern.h"

namespace dataservice {
namespace {

using google::protobuf::Struct;
using google::protobuf::Value;

bool HasClaims(const Struct& required, const Struct& claims);

bool IsEqual(const Value& required, const Value& claim) {
  if (required.kind_case() != claim.kind_case()) return false;
  switch (required.kind_case()) {
    case Value::kStringValue:
      return required.string_value() == claim.string_value();
    case Value::kNumberValue:
      return required.number_value() == claim.number_value();
    case Value::kBoolValue:
      return required.bool_value() == claim.bool_value();
    case Value::kStructValue:
      return HasClaims(required.struct_value(), claim.struct_value());
    case Value::kNullValue:
    case Value::kListValue:
    case Value::KIND_NOT_SET:
      return false;
  }
  return false;
}

bool MatchesClaim(const Value& required, const Value& claim) {
  if (required.has_list_value()) {
    const auto& values = required.list_value().values();
    return std::any_of(values.begin(), values.end(),
                       [&](const Value& value) { return MatchesClaim(value, claim); });
  }
  if (!claim.has_list_value()) return IsEqual(required, claim);
  const auto& elements = claim.list_value().values();
  return std::any_of(elements.begin(), elements.end(),
                     [&](const Value& element) { return IsEqual(required, element); });
}

bool HasClaims(const Struct& required, const Struct& claims) {
  const auto& fields = required.fields();
  return std::all_of(fields.begin(), fields.end(), [&](const auto& entry) {
    const auto found = claims.fields().find(entry.first);
    return found != claims.fields().end() && MatchesClaim(entry.second, found->second);
  });
}

bool HasScopes(const std::vector<std::string>& required, const std::vector<std::string>& scopes) {
  return std::all_of(required.begin(), required.end(), [&](const std::string& scope) {
    return std::find(scopes.begin(), scopes.end(), scope) != scopes.end();
  });
}

bool HasSubject(const std::vector<std::string>& patterns, const std::string& subject) {
  return patterns.empty() ||
         std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return MatchesPattern(pattern, subject); });
}

bool HasIssuer(const std::vector<std::string>& issuers, const Caller& caller) {
  if (issuers.empty()) return true;
  return caller.kind == CallerKind::kToken &&
         std::find(issuers.begin(), issuers.end(), caller.issuer) != issuers.end();
}

}  // namespace

bool CallerPattern::Matches(const Caller& caller) const {
  if (caller.kind == CallerKind::kAnonymous) return anonymous;
  return !anonymous && (!kind || *kind == caller.kind) && HasSubject(subjects, caller.subject) &&
         HasIssuer(issuers, caller) && HasScopes(scopes, caller.scopes) &&
         HasClaims(claims, caller.claims);
}

}  // namespace dataservice
