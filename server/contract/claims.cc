#include "contract/claims.h"

namespace dataservice {

std::set<std::string> ClaimSchemas(const std::vector<std::unique_ptr<Resource>>& resources) {
  std::set<std::string> schemas;
  for (const auto& resource : resources) {
    if (resource->claims) schemas.insert(resource->schema);
  }
  return schemas;
}

}  // namespace dataservice
