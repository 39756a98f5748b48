#include "contract/shape.h"

namespace dataservice {

std::vector<int> ClientColumns(const Resource& resource) {
  std::vector<int> out;
  for (size_t i = 0; i < resource.columns.size(); ++i) {
    if (resource.columns[i].origin == ColumnOrigin::kClient) out.push_back(static_cast<int>(i));
  }
  return out;
}

std::vector<int> MutableColumns(const Resource& resource) {
  std::vector<int> out;
  for (const int i : ClientColumns(resource)) {
    if (!resource.columns[static_cast<size_t>(i)].immutable) out.push_back(i);
  }
  return out;
}

}  // namespace dataservice
