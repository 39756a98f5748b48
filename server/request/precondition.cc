#include "request/precondition.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "errors/errors.h"
#include "values/etag.h"

namespace dataservice {
namespace {

// An etag that no row has.
constexpr char kNoVersion[] = "*";

std::string_view Stripped(std::string_view value);

// Reads the field's list of entity tags (RFC 9110, 8.8.3): the strong ones go to
// `strong`, because a weak one matches nothing here.
bool ReadTags(std::string_view value, std::vector<std::string>& strong) {
  while (true) {
    const bool weak = value.starts_with("W/");
    if (weak) value.remove_prefix(2);
    const size_t end = value.starts_with('"') ? value.find('"', 1) : std::string_view::npos;
    if (end == std::string_view::npos) return false;
    if (!weak) strong.emplace_back(value.substr(1, end - 1));
    value = Stripped(value.substr(end + 1));
    if (value.empty()) return true;
    if (value.front() != ',') return false;
    value = Stripped(value.substr(1));
  }
}

std::string_view Stripped(std::string_view value) {
  const auto text = absl::StripAsciiWhitespace(absl::string_view(value.data(), value.size()));
  return {text.data(), text.size()};
}

}  // namespace

absl::StatusOr<Precondition> ReadPrecondition(const RequestContext& context,
                                              std::string_view etag) {
  Precondition precondition;
  precondition.etag = std::string(etag);
  const std::string_view none_match = Stripped(context.if_none_match);
  if (none_match == "*") {
    precondition.must_not_exist = true;
  } else if (!none_match.empty()) {
    return InvalidArgument("if-none-match", "a write can only ask for *");
  }
  const std::string_view match = Stripped(context.if_match);
  if (match.empty()) return precondition;
  precondition.must_exist = true;
  if (match == "*") return precondition;
  std::vector<std::string> tags;
  if (!ReadTags(match, tags) || tags.size() > 1) {
    return InvalidArgument("if-match", "give * or one strong entity tag, in double quotes");
  }
  // Only weak tags, or an empty one: no row has it.
  const std::string tag = tags.empty() || tags.front().empty() ? kNoVersion : tags.front();
  // Both must match; two that differ cannot.
  precondition.etag = etag.empty() || etag == tag ? tag : kNoVersion;
  return precondition;
}

void AddVersion(const Precondition& precondition, const Resource& resource, Values& values) {
  if (resource.etag == nullptr) return;
  if (precondition.etag.empty()) {
    values.AddNull();
  } else {
    values.Add(TimestampOfEtag(precondition.etag));
  }
}

}  // namespace dataservice
