// What a filter may cost.
#pragma once

#include <cstddef>

namespace dataservice {

// Bytes of its text.
inline constexpr size_t kMaxFilterBytes = 8192;

// Parentheses within parentheses.
inline constexpr int kMaxFilterDepth = 32;

// Comparisons; one inside a stored message counts as one more for each step of
// its path, because its SQL grows with them.
inline constexpr int kMaxFilterComparisons = 100;

// Names of a member, "a.b.c" has 3.
inline constexpr size_t kMaxFilterPath = 10;

}  // namespace dataservice
