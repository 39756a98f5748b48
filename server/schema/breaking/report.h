// Breaking changes as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "schema/breaking/breaking.h"

namespace dataservice::breaking {

// One line for each, "KIND element: text", below "clients:" and "stored data:"; "nothing breaks"
// without any.
std::string BreakingText(const std::vector<Breakage>& breakages);

// {"breaking": [{"side": "CLIENTS" or "STORED_DATA", "kind", "element", "text"}]}. Equal input
// gives equal text.
std::string BreakingJson(const std::vector<Breakage>& breakages);

}  // namespace dataservice::breaking
