// The form of a suite, which tests/run chooses.
#pragma once

#include <cstdlib>
#include <string_view>

namespace dataservice::test {

// Whether all suites run, so that what takes long by nature has a part of its cases; if the
// suite is named, it has all of them.
inline bool IsShortForm() {
  const char* const form = std::getenv("SUITE_FORM");
  return form != nullptr && std::string_view(form) == "short";
}

}  // namespace dataservice::test
