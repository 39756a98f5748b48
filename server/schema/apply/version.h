// The schema tool's version, for the history.
#pragma once

#include <string_view>

namespace dataservice::schema {

// The project's version, from CMakeLists.txt.
inline constexpr std::string_view kToolVersion = PROJECT_VERSION_TEXT;

}  // namespace dataservice::schema
