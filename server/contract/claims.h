// The tables that store claims of request_ids (AIP-155).
#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"

namespace dataservice {

// The name of the table of claims. Each schema with a resource that has claims has one. Only the
// engine reads and writes it (serve/sql/claim.h).
inline constexpr std::string_view kClaimTable = "request_claim";

// The schemas that have a table of claims.
std::set<std::string> ClaimSchemas(const std::vector<std::unique_ptr<Resource>>& resources);

}  // namespace dataservice
