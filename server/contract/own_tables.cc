#include "contract/own_tables.h"

#include "absl/strings/str_cat.h"
#include "contract/claims.h"

namespace dataservice {

void CheckOwnTables(const std::vector<std::unique_ptr<Resource>>& resources,
                    Diagnostics& diagnostics) {
  const std::set<std::string> claims = ClaimSchemas(resources);
  for (const auto& resource : resources) {
    const char* use = nullptr;
    if (resource->table == kClaimTable && claims.contains(resource->schema)) {
      use = "the engine keeps the request_ids of this schema";
    } else if (resource->table == kHistoryTable) {
      use = "the schema tool keeps the history of this schema";
    }
    if (use == nullptr) continue;
    diagnostics.Add(*resource->message,
                    absl::StrCat("its table ", resource->table, " is where ", use,
                                 "; give another with (storage.v1.table).name"));
  }
}

}  // namespace dataservice
