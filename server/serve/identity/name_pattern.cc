#include "serve/identity/name_pattern.h"

namespace dataservice {

// After a mismatch the last `*` takes one more character: linear in pattern times name.
bool MatchesPattern(std::string_view pattern, std::string_view name) {
  size_t star = std::string_view::npos;
  size_t taken = 0;  // by the last star, from the beginning of the name
  size_t p = 0;
  size_t n = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      taken = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++taken;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace dataservice
