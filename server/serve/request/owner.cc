#include "serve/request/owner.h"

#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "contract/rules/string_formats.h"
#include "contract/rules/utf8.h"
#include "engine_limits.h"
#include "serve/errors/errors.h"

namespace dataservice {
namespace {

// The claim that every caller has, however it was verified.
constexpr char kSubject[] = "sub";

// Before the identity of a certificate: the certificate `alice` does not own the rows of the user
// `alice`.
constexpr char kCertificatePrefix[] = "certificate:";

std::string SubjectOf(const Caller& caller) {
  if (caller.kind == CallerKind::kCertificate) {
    return absl::StrCat(kCertificatePrefix, caller.subject);
  }
  return caller.subject.starts_with(kCertificatePrefix) ? std::string() : caller.subject;
}

// Empty if the caller does not have the claim as a string.
std::string ValueOf(const Caller& caller, const std::string& claim) {
  if (claim == kSubject) return SubjectOf(caller);
  const auto found = caller.claims.fields().find(claim);
  return found == caller.claims.fields().end() ? std::string() : found->second.string_value();
}

// As PostgreSQL prints it; absent if no row can have it.
std::optional<std::string> AsOwner(const Resource& resource, std::string value) {
  const bool possible = !value.empty() && value.size() <= kMaxOwnerBytes &&
                        value.find('\0') == std::string::npos && rules::IsUtf8(value);
  if (!possible) return std::nullopt;
  if (resource.owner_column().type != ColumnType::kUuid) return value;
  if (!rules::IsUuid(value)) return std::nullopt;
  absl::AsciiStrToLower(&value);
  return value;
}

}  // namespace

absl::StatusOr<std::string> OwnerOf(const Resource& resource, const RequestContext& context) {
  if (!resource.has_owner()) return std::string();
  const std::string& name = resource.message->full_name();
  const Caller& caller = *context.caller;
  if (caller.kind == CallerKind::kAnonymous) return OwnerIsAnonymous(name);
  auto owner = AsOwner(resource, ValueOf(caller, resource.owner_claim));
  if (!owner) return OwnerClaimMissing(name, resource.owner_claim);
  return *std::move(owner);
}

bool ReadsOwnRows(const Resource& resource, const RequestContext& context) {
  return resource.is_private() && !context.access->all_rows();
}

absl::StatusOr<std::string> ReadOwnerOf(const Resource& resource, const RequestContext& context) {
  return ReadsOwnRows(resource, context) ? OwnerOf(resource, context) : std::string();
}

absl::StatusOr<std::string> WriteOwnerOf(const google::protobuf::Message& request,
                                         const google::protobuf::FieldDescriptor& body,
                                         const Resource& resource, const RequestContext& context) {
  if (!resource.has_owner() || !context.access->all_rows()) return OwnerOf(resource, context);
  const google::protobuf::Message& row = request.GetReflection()->GetMessage(request, &body);
  const google::protobuf::FieldDescriptor* field = resource.owner_column().field;
  const std::string named = row.GetReflection()->GetString(row, field);
  if (named.empty()) return OwnerOf(resource, context);
  auto owner = AsOwner(resource, named);
  if (!owner) return NotAnOwner(absl::StrCat(body.name(), ".", field->name()));
  return *std::move(owner);
}

void AddOwner(const std::string& owner, Values& values) {
  if (!owner.empty()) values.Add(owner);
}

}  // namespace dataservice
