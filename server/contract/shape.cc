#include "contract/shape.h"

namespace dataservice {

const Resource& ResourceOf(const Shape& shape) {
  return *std::visit([](const auto& s) { return s.resource; }, shape);
}

bool IsClaimed(const Shape& shape) {
  return std::visit(
      [](const auto& s) {
        if constexpr (requires { s.claimed; }) return s.claimed;
        return false;
      },
      shape);
}

const ReadMask* ReadMaskOf(const Shape& shape) {
  return std::visit(
      [](const auto& s) -> const ReadMask* {
        if constexpr (requires { s.read_mask; }) {
          if (s.read_mask) return &*s.read_mask;
        }
        return nullptr;
      },
      shape);
}

std::vector<int> ClientColumns(const Resource& resource) {
  std::vector<int> out;
  for (size_t i = 0; i < resource.columns.size(); ++i) {
    if (resource.columns[i].origin == ColumnOrigin::kClient) out.push_back(static_cast<int>(i));
  }
  return out;
}

}  // namespace dataservice
