#include "contract/condition.h"

namespace dataservice {

int Comparison::values() const {
  int count = 0;
  for (const PathStep& step : path) count += step.kind == PathStep::Kind::kKey ? 1 : 0;
  switch (op) {
    case Operator::kPresent:
    case Operator::kAbsent:
    case Operator::kAnyValue:
      return count;
    case Operator::kPrefix:
      return count + 2;
    case Operator::kEqual:
    case Operator::kNotEqual:
    case Operator::kLess:
    case Operator::kLessEqual:
    case Operator::kGreater:
    case Operator::kGreaterEqual:
    case Operator::kLike:
      break;
  }
  return count + 1;
}

int Condition::values() const {
  if (kind == Kind::kComparison) return comparison.values();
  int count = 0;
  for (const Condition& operand : operands) count += operand.values();
  return count;
}

bool Condition::operator==(const Condition& other) const {
  return kind == other.kind && operands == other.operands && comparison == other.comparison;
}

}  // namespace dataservice
