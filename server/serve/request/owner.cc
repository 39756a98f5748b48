#include "serve/request/owner.h"

#include "absl/strings/ascii.h"
#include "contract/rules/string_formats.h"
#include "contract/rules/utf8.h"
#include "engine_limits.h"
#include "serve/errors/errors.h"

namespace dataservice {
namespace {

// The claim that every caller has, however it was verified.
constexpr char kSubject[] = "sub";

// Empty if the caller does not have the claim as a string.
std::string ValueOf(const Caller& caller, const std::string& claim) {
  if (claim == kSubject) return caller.subject;
  const auto found = caller.claims.fields().find(claim);
  return found == caller.claims.fields().end() ? std::string() : found->second.string_value();
}

bool MayBeOwner(const std::string& value) {
  return !value.empty() && value.size() <= kMaxOwnerBytes &&
         value.find('\0') == std::string::npos && rules::IsUtf8(value);
}

}  // namespace

absl::StatusOr<std::string> OwnerOf(const Resource& resource, const RequestContext& context) {
  if (!resource.has_owner()) return std::string();
  const std::string& name = resource.message->full_name();
  const Caller& caller = *context.caller;
  if (caller.kind == CallerKind::kAnonymous) return OwnerIsAnonymous(name);
  std::string value = ValueOf(caller, resource.owner_claim);
  if (!MayBeOwner(value)) return OwnerClaimMissing(name, resource.owner_claim);
  if (resource.owner_column().type == ColumnType::kUuid) {
    if (!rules::IsUuid(value)) return OwnerClaimMissing(name, resource.owner_claim);
    absl::AsciiStrToLower(&value);
  }
  return value;
}

void AddOwner(const Resource& resource, const std::string& owner, Values& values) {
  if (resource.has_owner()) values.Add(owner);
}

}  // namespace dataservice
