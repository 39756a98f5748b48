// buf.validate rules of numbers.
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "schema/model/checks.h"

namespace dataservice::schema {
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
    if (rules_.has_const_()) checks_.AddConst(Lit(rules_.const_()));
    checks_.AddIn(List(rules_.in()));
    checks_.AddNotIn(List(rules_.not_in()));
    AddRange();
    if constexpr (kFloat) {
      if (rules_.finite()) AddFinite();
    }
  }

 private:
  using Number = decltype(std::declval<Rules>().const_());
  static constexpr bool kFloat = std::is_floating_point_v<Number>;

  static std::string Lit(Number value) { return NumberLiteral(value); }

  // In a rule NaN equals no value; in PostgreSQL it equals itself.
  template <typename Values>
  static std::vector<std::string> List(const Values& values) {
    std::vector<std::string> out;
    for (const auto value : values) {
      if (value == value) out.push_back(Lit(value));
    }
    return out;
  }

  void AddFinite() {
    const Expression& c = checks_.value();
    checks_.Add(checks_.column().array ? "items_finite" : "finite",
                checks_.column().array
                    ? Concat("NOT ", c, " && ARRAY['NaN', 'Infinity', '-Infinity']::",
                             DdlTypeName(checks_.column()))
                    : Concat(c, " NOT IN ('NaN', 'Infinity', '-Infinity')"));
  }

  // "c > 5"; for an array "5 < ALL (c)".
  Expression Compare(const std::string& op, const std::string& reversed, Number limit) const {
    const Expression& c = checks_.value();
    return checks_.column().array ? Concat(Lit(limit), " ", reversed, " ALL (", c, ")")
                                  : Concat(c, " ", op, " ", Lit(limit));
  }

  // A lower bound above the upper one means "outside": protovalidate's
  // exclusive range.
  void AddRange() {
    const bool array = checks_.column().array;
    const bool lower = rules_.has_gt() || rules_.has_gte();
    const bool upper = rules_.has_lt() || rules_.has_lte();
    if (!lower && !upper) return;
    const Number low = rules_.has_gt() ? rules_.gt() : rules_.gte();
    const Number high = rules_.has_lt() ? rules_.lt() : rules_.lte();
    const Expression from = rules_.has_gt() ? Compare(">", "<", low) : Compare(">=", "<=", low);
    const Expression to = rules_.has_lt() ? Compare("<", ">", high) : Compare("<=", ">=", high);
    const bool outside = lower && upper && low > high;
    if (outside && array) return checks_.ServerOnly("the range of repeated.items");
    Expression condition = !upper    ? from
                           : !lower  ? to
                           : outside ? Concat("(", from, " OR ", to, ")")
                                     : Concat(from, " AND ", to);
    // In PostgreSQL NaN is greater than every number; in a rule it is in no range.
    if constexpr (kFloat) {
      condition.Append(" AND ");
      condition.Append(array ? Concat("'NaN' <> ALL (", checks_.value(), ")")
                             : Concat(checks_.value(), " <> 'NaN'"));
    }
    checks_.Add(array ? "items_range" : "range", condition);
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

}  // namespace dataservice::schema
