#include "serve/request/request_id.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <openssl/sha.h>

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "engine_limits.h"
#include "serve/request/owner.h"
#include "serve/request/unverified_caller.h"

namespace dataservice {
namespace {

using google::protobuf::Message;

constexpr char kMetadata[] = "idempotency-key";

// An id without the quotes of a quoted string (RFC 8941, 3.3.3). One that needs
// escapes stays as it is, and its quotes with it.
std::string_view Bare(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return text;
  const std::string_view inner = text.substr(1, text.size() - 2);
  return inner.find_first_of("\"\\") == std::string_view::npos ? inner : text;
}

bool IsRequestId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxRequestIdBytes &&
         std::all_of(id.begin(), id.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void CheckRequestId(std::string_view id, std::string_view field, Violations& violations) {
  if (IsRequestId(id)) return;
  violations.Add(field,
                 absl::StrCat("must be 1 to ", kMaxRequestIdBytes, " printable ASCII characters"));
}

// With its length before it, so that no two lists of parts are one text.
void AddPart(std::string_view part, std::string& out) {
  absl::StrAppend(&out, part.size(), ":", absl::string_view(part.data(), part.size()));
}

// Maps in the order of their keys: what is equal is serialized equally.
std::string Deterministic(const Message& message) {
  std::string out;
  google::protobuf::io::StringOutputStream stream(&out);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&coded);
  coded.Trim();
  return out;
}

// Where no identity is verified, the client's word keeps the request_ids of callers apart.
std::string Claimant(const RequestContext& context) {
  if (context.caller->kind != CallerKind::kAnonymous) return CallerKey(*context.caller);
  if (context.metadata == nullptr) return {};
  return UnverifiedCaller(context.metadata->Metadata("authorization"));
}

std::string HexDigest(std::string_view text) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(digest), sizeof digest));
}

// Each caller of a resource with an owner has its own request_ids. The result cannot be the
// request_id of another resource, because of the tab.
std::string StoredId(const Resource& resource, const RequestContext& context,
                     const std::string& request_id) {
  if (!resource.has_owner()) return request_id;
  std::string whole;
  AddPart(OwnerOf(resource, context).value_or(""), whole);
  AddPart(Claimant(context), whole);
  AddPart(request_id, whole);
  return absl::StrCat("\t", HexDigest(whole));
}

}  // namespace

void AdmitRequestId(const Method& method, const RequestContext& context, Message& request,
                    Violations& violations) {
  const auto* field = RequestIdOf(method);
  const auto& key = context.idempotency_key;
  if (field == nullptr) {
    if (key) violations.Add(kMetadata, "means nothing to this method: it takes no request_id");
    return;
  }
  const auto* reflection = request.GetReflection();
  const bool given = reflection->HasField(request, field);
  const std::string id = reflection->GetString(request, field);
  if (given) CheckRequestId(id, field->name(), violations);
  if (!key) return;
  const std::string_view bare = Bare(*key);
  CheckRequestId(bare, kMetadata, violations);
  if (given && id != bare) {
    violations.Add(kMetadata, absl::StrCat("differs from ", field->name(), "; give one of them"));
  } else if (IsRequestId(bare)) {
    reflection->SetString(&request, field, std::string(bare));
  }
}

std::optional<Claim> TakeClaim(const Method& method, const RequestContext& context,
                               Message& request) {
  const auto* field = RequestIdOf(method);
  const auto* reflection = request.GetReflection();
  if (field == nullptr || !reflection->HasField(request, field)) return std::nullopt;
  Claim claim;
  claim.request_id = reflection->GetString(request, field);
  claim.stored_id = StoredId(*method.resource, context, claim.request_id);
  reflection->ClearField(&request, field);
  std::string whole;
  AddPart(method.path, whole);
  AddPart(Claimant(context), whole);
  AddPart(context.if_match.value_or(""), whole);
  AddPart(context.if_none_match.value_or(""), whole);
  AddPart(Deterministic(request), whole);
  claim.digest = HexDigest(whole);
  return claim;
}

void AddClaim(const Claim& claim, Values& values) {
  values.Add(claim.stored_id);
  values.Add("\\x" + claim.digest);
}

}  // namespace dataservice
