#include "serve/request/precondition.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "postgres/literals.h"
#include "serve/errors/errors.h"
#include "serve/policy/shape_check.h"
#include "serve/values/etag.h"

namespace dataservice {
namespace {

// An etag that no row has.
constexpr char kNoVersion[] = "*";

std::string_view Stripped(std::string_view value) {
  const auto text = absl::StripAsciiWhitespace(absl::string_view(value.data(), value.size()));
  return {text.data(), text.size()};
}

// Reads the field's list of entity tags (RFC 9110, 8.8.3), of which elements may be
// empty (5.6.1) but not all: the strong ones go to `strong`, because a weak one matches
// nothing here.
bool ReadTags(std::string_view list, std::vector<std::string>& strong) {
  bool any = false;
  while (true) {
    while (list.starts_with(',')) list = Stripped(list.substr(1));
    if (list.empty()) return any;
    any = true;
    const bool weak = list.starts_with("W/");
    if (weak) list.remove_prefix(2);
    const size_t end = list.starts_with('"') ? list.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    if (!weak) strong.emplace_back(list.substr(1, end - 1));
    list = Stripped(list.substr(end + 1));
    if (!list.empty() && list.front() != ',') return false;
  }
}

}  // namespace

absl::StatusOr<Precondition> ReadPrecondition(const RequestContext& context,
                                              std::string_view etag) {
  Precondition precondition;
  if (!etag.empty()) precondition.etags.emplace_back(etag);
  if (context.if_none_match) {
    if (Stripped(*context.if_none_match) != "*") {
      return InvalidArgument("if-none-match", "a write can only ask for *");
    }
    precondition.must_not_exist = true;
  }
  if (!context.if_match) return precondition;
  precondition.must_exist = true;
  const std::string_view match = Stripped(*context.if_match);
  if (match == "*") return precondition;
  std::vector<std::string> tags;
  if (!ReadTags(match, tags)) {
    return InvalidArgument("if-match",
                           "value must be * or entity tags in double quotes, with commas between");
  }
  if (!etag.empty()) {
    // Both must match.
    std::erase_if(tags, [&](const std::string& tag) { return tag != etag; });
  }
  // Only weak tags, or tags that differ from the request's own.
  if (tags.empty()) tags.emplace_back(kNoVersion);
  precondition.etags = std::move(tags);
  return precondition;
}

absl::Status CheckPrecondition(const Precondition& precondition, const Method& method,
                               const RequestContext& context) {
  const bool changes = method.kind == MethodKind::kUpdate || method.kind == MethodKind::kDelete;
  if (precondition.must_not_exist && changes) {
    return InvalidArgument("if-none-match", "means nothing to this method");
  }
  if (precondition.must_exist && method.kind == MethodKind::kCreate) {
    return InvalidArgument("if-match", "means nothing to a creation");
  }
  if (!precondition.etags.empty() && method.resource->etag == nullptr) {
    return InvalidArgument("if-match", "there are no etags");
  }
  return precondition.etags.empty() ? absl::OkStatus()
                                    : CheckEtag(*method.resource, *context.access);
}

void AddVersion(const Precondition& precondition, const Resource& resource, Values& values) {
  if (resource.etag == nullptr) return;
  ArrayLiteral versions(values.Begin(), true);
  for (const std::string& etag : precondition.etags) versions.Add(TimestampOfEtag(etag));
  versions.Finish();
  values.End();
}

}  // namespace dataservice
