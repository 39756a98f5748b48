#include "contract/shape.h"

#include <algorithm>

namespace dataservice {
namespace {

bool IsEquality(const Condition& condition) {
  const Comparison& comparison = condition.comparison;
  return condition.kind == Condition::Kind::kComparison && comparison.op == Operator::kEqual &&
         comparison.leaf == LeafType::kColumn && comparison.path.empty();
}

}  // namespace

void TakeEqualities(ListShape& shape) {
  if (IsEquality(shape.condition)) shape.condition = {.operands = {shape.condition}};
  const std::vector<Condition>& operands = shape.condition.operands;
  if (shape.condition.kind != Condition::Kind::kAnd ||
      !std::all_of(operands.begin(), operands.end(), IsEquality)) {
    return;
  }
  for (const Condition& operand : operands) shape.columns.push_back(operand.comparison.column);
  shape.condition = {};
}

bool IsOfOneOwner(const ListShape& shape) {
  return !shape.columns.empty() && shape.columns.front() == shape.resource->owner;
}

std::vector<OrderTerm> ExportOrder(const ExportShape& shape) {
  if (!shape.columns.empty()) return {{shape.resource->key}};
  std::vector<OrderTerm> order;
  for (const int i : shape.resource->PrimaryKey()) order.push_back({i});
  return order;
}

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
