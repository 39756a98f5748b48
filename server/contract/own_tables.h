// Tables that are the engine's own.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// Where the schema tool notes what it did, in each schema of the contract.
inline constexpr std::string_view kHistoryTable = "schema_history";

// Refuses a resource whose table would be one of the engine's own: the history, or
// that of the claims (claims.h).
void CheckOwnTables(const std::vector<std::unique_ptr<Resource>>& resources,
                    Diagnostics& diagnostics);

}  // namespace dataservice
