#include "serve/request/read_consistency.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "view.h"

namespace dataservice {

std::optional<ReadBound> ReadBoundOf(const RequestContext& context) {
  if (context.metadata == nullptr) return std::nullopt;
  const auto value = context.metadata->Find(kReadConsistencyKey);
  if (!value) return std::nullopt;
  // No value is left out: the token of the latest write may be any of them.
  if (context.metadata->HasSeveral(kReadConsistencyKey) ||
      context.metadata->HasSeveral(kConsistencyTokenKey)) {
    return std::nullopt;
  }
  const size_t end = value->find(';');
  if (absl::StripAsciiWhitespace(View(value->substr(0, end))) != View(kEventual)) {
    return std::nullopt;
  }
  ReadBound bound{.max_staleness = std::nullopt,
                  .token = context.metadata->Metadata(kConsistencyTokenKey)};
  if (end == std::string_view::npos) return bound;
  absl::string_view parameter = absl::StripAsciiWhitespace(View(value->substr(end + 1)));
  absl::Duration limit;
  if (!absl::ConsumePrefix(&parameter, "max-staleness=") ||
      !absl::ParseDuration(std::string(parameter), &limit) || limit < absl::ZeroDuration()) {
    return std::nullopt;
  }
  bound.max_staleness = absl::ToChronoNanoseconds(limit);
  return bound;
}

}  // namespace dataservice
