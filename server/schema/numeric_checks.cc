// buf.validate rules of numbers.
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "schema/checks.h"

namespace dataservice {
namespace {

template <typename Number>
std::string NumberLiteral(Number value) {
  if constexpr (std::is_floating_point_v<Number>) {
    const bool single = std::is_same_v<Number, float>;
    const std::string text = std::isinf(value) ? (value < 0 ? "-Infinity" : "Infinity")
                             : single          ? absl::StrFormat("%.9g", value)
                                               : absl::StrFormat("%.17g", value);
    // A bare literal is numeric, and a comparison with it would not be exact.
    return absl::StrCat("'", text, "'::", single ? "real" : "double precision");
  } else {
    return absl::StrCat(value);
  }
}

template <typename Rules>
class NumericChecks {
 public:
  NumericChecks(const Rules& rules, ColumnChecks& checks) : rules_(rules), checks_(checks) {}

  void Add() {
    const std::string& c = checks_.name();
    if (rules_.has_const_()) checks_.Add("const", absl::StrCat(c, " = ", Lit(rules_.const_())));
    if (!rules_.in().empty()) checks_.Add("in", absl::StrCat(c, " IN (", List(rules_.in()), ")"));
    if (!rules_.not_in().empty()) {
      checks_.Add("not_in", absl::StrCat(c, " NOT IN (", List(rules_.not_in()), ")"));
    }
    AddRange();
    if constexpr (kFloat) {
      if (rules_.finite()) {
        checks_.Add("finite", absl::StrCat(c, " NOT IN ('NaN', 'Infinity', '-Infinity')"));
      }
    }
  }

 private:
  using Number = decltype(std::declval<Rules>().const_());
  static constexpr bool kFloat = std::is_floating_point_v<Number>;

  static std::string Lit(Number value) { return NumberLiteral(value); }

  template <typename Values>
  static std::string List(const Values& values) {
    std::string out;
    for (const auto value : values) absl::StrAppend(&out, out.empty() ? "" : ", ", Lit(value));
    return out;
  }

  // A lower bound above the upper one means "outside": protovalidate's
  // exclusive range.
  void AddRange() {
    const std::string& c = checks_.name();
    const bool lower = rules_.has_gt() || rules_.has_gte();
    const bool upper = rules_.has_lt() || rules_.has_lte();
    if (!lower && !upper) return;
    const Number low = rules_.has_gt() ? rules_.gt() : rules_.gte();
    const Number high = rules_.has_lt() ? rules_.lt() : rules_.lte();
    const std::string from = absl::StrCat(c, rules_.has_gt() ? " > " : " >= ", Lit(low));
    const std::string to = absl::StrCat(c, rules_.has_lt() ? " < " : " <= ", Lit(high));
    std::string condition;
    if (lower && upper) {
      const bool outside = low > high || (low == high && !(rules_.has_gte() && rules_.has_lte()));
      condition =
          outside ? absl::StrCat("(", from, " OR ", to, ")") : absl::StrCat(from, " AND ", to);
    } else {
      condition = lower ? from : to;
    }
    // PostgreSQL's NaN is above every number; the rule's is in no range.
    if constexpr (kFloat) absl::StrAppend(&condition, " AND ", c, " <> 'NaN'");
    checks_.Add("range", condition);
  }

  const Rules& rules_;
  ColumnChecks& checks_;
};

}  // namespace

void AddNumericChecks(const buf::validate::FieldRules& rules, ColumnChecks& checks) {
  using Type = buf::validate::FieldRules;
  switch (rules.type_case()) {
    case Type::kFloat:
      return NumericChecks(rules.float_(), checks).Add();
    case Type::kDouble:
      return NumericChecks(rules.double_(), checks).Add();
    case Type::kInt32:
      return NumericChecks(rules.int32(), checks).Add();
    case Type::kInt64:
      return NumericChecks(rules.int64(), checks).Add();
    case Type::kUint32:
      return NumericChecks(rules.uint32(), checks).Add();
    case Type::kUint64:
      return NumericChecks(rules.uint64(), checks).Add();
    case Type::kSint32:
      return NumericChecks(rules.sint32(), checks).Add();
    case Type::kSint64:
      return NumericChecks(rules.sint64(), checks).Add();
    case Type::kFixed32:
      return NumericChecks(rules.fixed32(), checks).Add();
    case Type::kFixed64:
      return NumericChecks(rules.fixed64(), checks).Add();
    case Type::kSfixed32:
      return NumericChecks(rules.sfixed32(), checks).Add();
    case Type::kSfixed64:
      return NumericChecks(rules.sfixed64(), checks).Add();
    default:
      return;
  }
}

}  // namespace dataservice
