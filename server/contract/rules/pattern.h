// Regular expressions of rules, in RE2's syntax. They match anywhere in the text, in linear time.
#pragma once

#include <memory>
#include <string_view>

#include "contract/rules/rule_reader.h"
#include "re2/re2.h"

namespace dataservice::rules {

// Compiles the value of the rule `pattern`. Rejects a malformed one and returns null.
std::shared_ptr<const RE2> CompilePattern(RuleReader& reader, std::string_view pattern);

bool Matches(const RE2& pattern, std::string_view text);

}  // namespace dataservice::rules
