#include "serve/filter/filter.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "contract/rules/utf8.h"
#include "engine_limits.h"
#include "serve/filter/comparison.h"
#include "serve/filter/parser.h"

namespace dataservice {
namespace {

using filter::Expression;
using filter::Problem;

// What a comparison adds to the cost of a filter.
int CostOf(const Comparison& comparison) {
  return comparison.leaf == LeafType::kColumn ? 1 : 2 + static_cast<int>(comparison.path.size());
}

class Checker {
 public:
  Checker(const Resource& resource, Values& values, Problem& problem)
      : resource_(resource), values_(values), problem_(problem) {}

  // As deep as the expression, which the parser limits.
  bool Check(const Expression& expression, Condition& condition) {
    switch (expression.kind) {
      case Expression::Kind::kRestriction:
        return CheckComparison(expression.restriction, condition);
      case Expression::Kind::kAnd:
        condition.kind = Condition::Kind::kAnd;
        break;
      case Expression::Kind::kOr:
        condition.kind = Condition::Kind::kOr;
        break;
      case Expression::Kind::kNot:
        condition.kind = Condition::Kind::kNot;
        break;
    }
    condition.operands.reserve(expression.operands.size());
    for (const Expression& operand : expression.operands) {
      if (!Check(operand, condition.operands.emplace_back())) return false;
    }
    return true;
  }

 private:
  bool CheckComparison(const filter::Restriction& restriction, Condition& condition) {
    if (!CheckRestriction(resource_, restriction, condition, values_, problem_)) return false;
    const bool negated = condition.kind == Condition::Kind::kNot;
    cost_ += CostOf((negated ? condition.operands[0] : condition).comparison);
    if (cost_ <= kMaxFilterComparisons) return true;
    problem_ = {restriction.argument.offset,
                absl::StrCat("more than ", kMaxFilterComparisons,
                             " comparisons; one inside a stored message counts as several")};
    return false;
  }

  const Resource& resource_;
  Values& values_;
  Problem& problem_;
  int cost_ = 0;
};

absl::Status Refusal(std::string_view text, const Problem& problem) {
  const size_t character = rules::CodePoints(text.substr(0, problem.offset)) + 1;
  return absl::InvalidArgumentError(absl::StrCat("at character ", character, ": ", problem.text));
}

}  // namespace

absl::StatusOr<CheckedFilter> ParseFilter(std::string_view text, const Resource& resource) {
  if (text.size() > kMaxFilterBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("value must be at most ", kMaxFilterBytes, " bytes"));
  }
  if (!rules::IsUtf8(text)) return absl::InvalidArgumentError("value must be UTF-8");
  if (const size_t nul = text.find('\0'); nul != std::string_view::npos) {
    return Refusal(text, {nul, "value must not contain a NUL character"});
  }
  Expression expression;
  Problem problem;
  CheckedFilter checked;
  if (!filter::Parse(text, expression, problem) ||
      !Checker(resource, checked.values, problem).Check(expression, checked.condition)) {
    return Refusal(text, problem);
  }
  return checked;
}

}  // namespace dataservice
