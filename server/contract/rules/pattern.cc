#include "contract/rules/pattern.h"

namespace dataservice::rules {

std::shared_ptr<const RE2> CompilePattern(RuleReader& reader, std::string_view pattern) {
  RE2::Options options;
  options.set_log_errors(false);
  auto compiled =
      std::make_shared<const RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) {
    reader.Refuse("pattern", "bad regular expression: " + compiled->error(),
                  "write it in RE2's syntax");
    return nullptr;
  }
  return compiled;
}

bool Matches(const RE2& pattern, std::string_view text) {
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

}  // namespace dataservice::rules
