// Batch methods (AIP-231, 233 to 235) and the methods of their elements.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "contract/diagnostics.h"
#include "contract/method.h"

namespace dataservice {

// The name of the method that carries out one element of a batch: "CreateOrder" for
// BatchCreateOrders.
std::string ElementName(const Method& batch);

// Finds the method of each batch method's elements. Reports to `diagnostics` a batch method whose
// elements have no method, or a method with another request, unless that method is among
// `refused`.
void LinkElements(const std::vector<std::unique_ptr<Method>>& methods,
                  const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics);

}  // namespace dataservice
