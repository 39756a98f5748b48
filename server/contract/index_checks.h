// Checks of the indexes and references of resources.
#pragma once

#include <memory>
#include <vector>

#include "contract/diagnostics.h"
#include "contract/resource.h"

namespace dataservice {

// Indexes that are useless or too wide.
void CheckIndexes(const Resource& resource, Diagnostics& diagnostics);

// Resources that require one another: none of them could get a first row.
void CheckReferenceCycles(const std::vector<std::unique_ptr<Resource>>& resources,
                          Diagnostics& diagnostics);

}  // namespace dataservice
