#include "contract/shape.h"

namespace dataservice {

std::vector<int> ClientColumns(const Resource& resource) {
  std::vector<int> out;
  for (size_t i = 0; i < resource.columns.size(); ++i) {
    if (resource.columns[i].origin == ColumnOrigin::kClient) out.push_back(static_cast<int>(i));
  }
  return out;
}

}  // namespace dataservice
