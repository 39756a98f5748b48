// The schema tool's version, as the history has it.
#pragma once

#include <string_view>

namespace dataservice::schema {

// The project's, of CMakeLists.txt.
inline constexpr std::string_view kToolVersion = PROJECT_VERSION_TEXT;

}  // namespace dataservice::schema
