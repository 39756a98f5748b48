// Tables that the engine itself uses.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// The schema tool's record of its changes. Each schema of the contract has one.
inline constexpr std::string_view kHistoryTable = "schema_history";

// Rejects a resource whose table has the name of the history or of the claims (claims.h).
void CheckOwnTables(const std::vector<std::unique_ptr<Resource>>& resources,
                    Diagnostics& diagnostics);

}  // namespace dataservice
