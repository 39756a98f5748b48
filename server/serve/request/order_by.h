// The order of a list (AIP-132: "title desc, year").
#pragma once

#include <string_view>
#include <vector>

#include "contract/shape.h"
#include "serve/request/violations.h"

namespace dataservice {

// The terms of an order_by. The key is added as the last term if it is not one of them, in
// the direction of the term before it, so that one index serves both. An empty text is the
// order of the key. Errors go to `violations` under `field`.
std::vector<OrderTerm> ParseOrderBy(std::string_view text, const Resource& resource,
                                    std::string_view field, Violations& violations);

}  // namespace dataservice
