// Patterns of names: identities, methods.
#pragma once

#include <string_view>

namespace dataservice {

// Whether `name` matches `pattern`, in which `*` stands for any characters, also none and
// also `/`; every other character stands for itself, in the same case.
bool MatchesPattern(std::string_view pattern, std::string_view name);

}  // namespace dataservice
