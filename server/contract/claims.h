// Where claims of request_ids are kept (AIP-155).
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"

namespace dataservice {

// The table of claims, one in each schema that has a resource with them. What
// makes, fills and empties it is the engine's own: serve/sql/claim.h.
inline constexpr std::string_view kClaimTable = "request_claim";

// The schemas that have a table of claims.
std::set<std::string> ClaimSchemas(const std::vector<std::unique_ptr<Resource>>& resources);

}  // namespace dataservice
