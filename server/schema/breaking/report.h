// What breaks, as text and as JSON.
#pragma once

#include <string>
#include <vector>

#include "schema/breaking/breaking.h"

namespace dataservice::breaking {

// A line each, "KIND element: text", below "clients:" and "stored data:"; "nothing breaks"
// if there is none.
std::string BreakingText(const std::vector<Breakage>& breakages);

// {"breaking": [{"side": "CLIENTS" or "STORED_DATA", "kind", "element", "text"}]}, the same
// for the same breakages.
std::string BreakingJson(const std::vector<Breakage>& breakages);

}  // namespace dataservice::breaking
