// Batch methods (AIP-231, 233 to 235) and the methods that do their elements.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "contract/diagnostics.h"
#include "contract/method.h"

namespace dataservice {

// The name of the method of one element of a batch: "CreateOrder" of BatchCreateOrders.
std::string ElementName(MethodKind batch, const Resource& resource);

// Sets the element's method of each batch method. A batch whose element has no method, or
// one that takes another request, goes to `diagnostics`, unless the element's method is among
// those that were refused.
void LinkElements(const std::vector<std::unique_ptr<Method>>& methods,
                  const std::vector<std::unique_ptr<Method>>& refused, Diagnostics& diagnostics);

}  // namespace dataservice
