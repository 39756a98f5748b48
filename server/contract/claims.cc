#include "contract/claims.h"

#include "absl/strings/str_cat.h"

namespace dataservice {

std::set<std::string> ClaimSchemas(const std::vector<std::unique_ptr<Resource>>& resources) {
  std::set<std::string> schemas;
  for (const auto& resource : resources) {
    if (resource->claims) schemas.insert(resource->schema);
  }
  return schemas;
}

void CheckClaimTables(const std::vector<std::unique_ptr<Resource>>& resources,
                      Diagnostics& diagnostics) {
  const std::set<std::string> schemas = ClaimSchemas(resources);
  for (const auto& resource : resources) {
    if (resource->table != kClaimTable || !schemas.contains(resource->schema)) continue;
    diagnostics.Add(*resource->message,
                    absl::StrCat("its table ", resource->table,
                                 " is where the engine keeps the request_ids of this schema; give "
                                 "another with (storage.v1.table).name"));
  }
}

}  // namespace dataservice
