#include "serve/sql/condition.h"

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "serve/sql/json_comparison.h"

namespace dataservice {
namespace {

std::string_view OperatorText(Operator op) {
  switch (op) {
    case Operator::kNotEqual:
      return " <> ";
    case Operator::kLess:
      return " < ";
    case Operator::kLessEqual:
      return " <= ";
    case Operator::kGreater:
      return " > ";
    case Operator::kGreaterEqual:
      return " >= ";
    case Operator::kLike:
      return " LIKE ";
    case Operator::kEqual:
    case Operator::kPresent:
    case Operator::kAbsent:
    case Operator::kAnyValue:
    case Operator::kPrefix:
      break;  // all but kEqual are not written with one operator
  }
  return " = ";
}

class ConditionWriter {
 public:
  ConditionWriter(const Resource& resource, std::string_view alias, int& next_parameter)
      : resource_(resource), alias_(alias), next_parameter_(next_parameter) {}

  std::string Write(const Condition& condition) {
    switch (condition.kind) {
      case Condition::Kind::kAnd:
        return condition.operands.empty() ? "true" : Join(condition, " AND ");
      case Condition::Kind::kOr:
        return Join(condition, " OR ");
      case Condition::Kind::kNot:
        // Where the operand is NULL, too: it is not true.
        return absl::StrCat("(", InParentheses(condition.operands.front()), " IS NOT TRUE)");
      case Condition::Kind::kComparison:
        return WriteComparison(condition.comparison);
    }
    return "";
  }

 private:
  std::string Join(const Condition& condition, std::string_view separator) {
    std::string out = "(";
    for (const Condition& operand : condition.operands) {
      if (out.size() > 1) out += separator;
      out += Write(operand);
    }
    return out + ")";
  }

  std::string InParentheses(const Condition& condition) {
    const bool bare = condition.kind == Condition::Kind::kComparison || condition.empty();
    return bare ? absl::StrCat("(", Write(condition), ")") : Write(condition);
  }

  std::string WriteComparison(const Comparison& comparison) {
    const Column& column = resource_.column(comparison.column);
    const std::string name = ColumnName(alias_, column);
    if (comparison.leaf != LeafType::kColumn && !comparison.path.empty()) {
      return JsonComparisonSql(comparison, name, next_parameter_);
    }
    return comparison.path.empty() ? OfColumn(comparison.op, column, name)
                                   : OfElements(comparison.op, column, name);
  }

  std::string OfColumn(Operator op, const Column& column, const std::string& name) {
    switch (op) {
      case Operator::kPresent:
        return Present(column, name);
      case Operator::kAbsent:
        return absl::StrCat(name, " IS NULL");
      case Operator::kAnyValue:
        return column.zero_is_null ? "true" : absl::StrCat(name, " IS NOT NULL");
      case Operator::kPrefix: {
        const std::string from = Parameter(column);
        return absl::StrCat("(", name, " >= ", from, " AND ", name, " < ", Parameter(column), ")");
      }
      case Operator::kNotEqual:
        if (column.nullable) return absl::StrCat(name, " IS DISTINCT FROM ", Parameter(column));
        break;
      case Operator::kLess:
      case Operator::kLessEqual:
      case Operator::kGreater:
      case Operator::kGreaterEqual:
      case Operator::kLike:
        return Ordered(op, column, name);
      case Operator::kEqual:
        break;
    }
    return absl::StrCat(name, View(OperatorText(op)), Parameter(column));
  }

  std::string Ordered(Operator op, const Column& column, const std::string& name) {
    const bool less = op == Operator::kLess || op == Operator::kLessEqual;
    const bool greater = op == Operator::kGreater || op == Operator::kGreaterEqual;
    const std::string_view text = OperatorText(op);
    if (column.zero_is_null && column.is_integer()) {
      return absl::StrCat("coalesce(", name, ", 0)", View(text), Parameter(column));
    }
    std::string comparison = absl::StrCat(name, View(text), Parameter(column));
    // The empty text is less than the value, which is not empty: ParseFilter()
    // has other operators for that.
    if (column.zero_is_null && less) {
      return absl::StrCat("(", comparison, " OR ", name, " IS NULL)");
    }
    // PostgreSQL has NaN greater than all numbers; IEEE 754 and Protobuf do not.
    if (greater && column.is_float()) {
      return absl::StrCat("(", comparison, " AND ", name, " < 'NaN')");
    }
    return comparison;
  }

  static std::string Present(const Column& column, const std::string& name) {
    if (column.array) return absl::StrCat("cardinality(", name, ") > 0");
    if (column.field->is_map()) return absl::StrCat(name, " <> '{}'");
    if (column.field->is_repeated()) return absl::StrCat(name, " <> '[]'");
    const std::string zero = ZeroLiteral(column);
    if (column.nullable || column.field->has_presence() || zero.empty()) {
      return absl::StrCat(name, " IS NOT NULL");
    }
    return absl::StrCat(name, " <> ", zero);
  }

  std::string OfElements(Operator op, const Column& column, const std::string& name) {
    if (op == Operator::kEqual) {
      return absl::StrCat(Parameter(column), " = ANY(", name, ")");
    }
    // A pattern.
    const std::string match = op == Operator::kLike ? absl::StrCat("e.v LIKE ", Parameter(column))
                                                    : std::string("e.v IS NOT NULL");
    return absl::StrCat("EXISTS (SELECT FROM unnest(", name, ") AS e(v) WHERE ", match, ")");
  }

  // Of one value of the column, or of one element.
  std::string Parameter(const Column& column) {
    return absl::StrCat("$", next_parameter_++, "::", View(column.traits().cast));
  }

  const Resource& resource_;
  const std::string alias_;
  int& next_parameter_;
};

}  // namespace

std::string ConditionSql(const Condition& condition, const Resource& resource,
                         std::string_view alias, int& next_parameter) {
  return ConditionWriter(resource, alias, next_parameter).Write(condition);
}

}  // namespace dataservice
