// Values of one type at its edges, and beside the values that rules name.
#pragma once

#include <string>
#include <vector>

#include "rule_seeds.h"

namespace dataservice::test {

// Within [low, high].
std::vector<absl::int128> EdgeIntegers(const RuleSeeds& seeds, absl::int128 low, absl::int128 high);
template <typename Float>
std::vector<Float> EdgeFloats(const RuleSeeds& seeds);
// Valid UTF-8 without NUL.
std::vector<std::string> EdgeTexts(const RuleSeeds& seeds);
std::vector<std::string> EdgeBytes(const RuleSeeds& seeds);

}  // namespace dataservice::test
