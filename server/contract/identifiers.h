// PostgreSQL's limits of names and of columns.
#pragma once

#include <cstddef>

namespace dataservice {

// Longer identifiers are truncated (NAMEDATALEN - 1).
inline constexpr size_t kMaxIdentifier = 63;
inline constexpr size_t kMaxColumns = 1600;
inline constexpr size_t kMaxIndexColumns = 32;

}  // namespace dataservice
