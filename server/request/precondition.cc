#include "request/precondition.h"

#include "absl/strings/ascii.h"
#include "errors/errors.h"

namespace dataservice {
namespace {

// The text of one strong entity tag, "\"text\"" (RFC 9110, 8.8.3).
bool ReadTag(std::string_view value, std::string& tag) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return false;
  value.remove_prefix(1);
  value.remove_suffix(1);
  if (value.find('"') != std::string_view::npos) return false;
  tag = std::string(value);
  return true;
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
  std::string tag;
  if (!ReadTag(match, tag)) {
    return InvalidArgument("if-match", "give * or one strong entity tag, in double quotes");
  }
  // Both must match; two that differ cannot.
  precondition.etag = etag.empty() || etag == tag ? tag : "*";
  return precondition;
}

}  // namespace dataservice
