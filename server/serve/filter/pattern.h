// Literals with a star at their start or end.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "serve/filter/syntax.h"

namespace dataservice::filter {

// The word without its stars.
std::string_view Stem(const Word& word);

// The word as a pattern of PostgreSQL's LIKE.
std::string LikePattern(const Word& word);

// The least text, in the order of code points, that is greater than all that
// begin with `prefix`; none if the prefix has only U+10FFFF, and then all texts
// from it on begin with it. `prefix` is UTF-8.
std::optional<std::string> EndOfPrefix(std::string_view prefix);

}  // namespace dataservice::filter
