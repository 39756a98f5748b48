// Checks of the owners of rows (storage.v1.Owner). Each reports problems to `diagnostics`.
#pragma once

#include <memory>
#include <vector>

#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// The option across_owners of an index.
void CheckAcrossOwners(const Resource& resource, const storage::v1::Index& index,
                       Diagnostics& diagnostics);

// The field that has the owner.
void CheckOwner(const Column& column, Diagnostics& diagnostics);

// References and computed fields, once all are resolved: neither may lead from the rows of one
// owner to those of another.
void CheckOwners(const std::vector<std::unique_ptr<Resource>>& resources, Diagnostics& diagnostics);

}  // namespace dataservice
