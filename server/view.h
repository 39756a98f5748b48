// Debian builds abseil with a string_view of its own, which std::string_view does not convert to.
#pragma once

#include <string_view>

#include "absl/strings/string_view.h"

namespace dataservice {

inline absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace dataservice
