#include "serve/sql/aggregate.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "view.h"

namespace dataservice {
namespace {

using google::protobuf::FieldDescriptor;

std::string Call(std::string_view function, std::string_view argument) {
  return absl::StrCat(View(function), "(", View(argument), ")");
}

// `value` limited to the range of the field's integer type.
std::string Clamped(const Column& column, const std::string& value) {
  switch (column.value->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat("least(", value, ", ", std::numeric_limits<int32_t>::max(), ")");
    case FieldDescriptor::CPPTYPE_UINT64:
      return absl::StrCat("least(", value, ", ", std::numeric_limits<uint64_t>::max(), ")");
    default:
      return absl::StrCat("greatest(least(", value, ", ", std::numeric_limits<int64_t>::max(),
                          "), ", std::numeric_limits<int64_t>::min(), ")");
  }
}

// The sum of doubles in two parts. `usual` adds the values whose sum, for any number of rows, is
// negligible beside the largest double. `huge` adds the others, including infinities and NaN,
// divided by 2^64, so that it stays in range. A part without values is NULL.
struct DoubleSum {
  explicit DoubleSum(const std::string& x)
      : usual(absl::StrCat("sum(", x, ") FILTER (WHERE abs(", x, ") < 1e280)")),
        huge(absl::StrCat("sum(", x, " / 18446744073709551616) FILTER (WHERE NOT abs(", x,
                          ") < 1e280)")) {}
  const std::string usual;
  const std::string huge;
};

// Multiplies `huge`, that part or its quotient, by 2^64 and adds `usual`. The constant is the
// largest double divided by 2^64.
std::string Grown(const std::string& huge, const std::string& usual) {
  return absl::StrCat("WHEN abs(", huge, ") <= 9.745314011399998e288 THEN ", huge,
                      " * 18446744073709551616 + coalesce(", usual, ", 0) ELSE ", huge,
                      " * 'Infinity'::double precision");
}

std::string SumOfDoubles(const std::string& x) {
  const DoubleSum sum(x);
  return absl::StrCat("CASE WHEN ", sum.huge, " IS NULL THEN coalesce(", sum.usual, ", 0) ",
                      Grown(sum.huge, sum.usual), " END");
}

std::string MeanOfDoubles(const std::string& x) {
  const DoubleSum sum(x);
  const std::string count = absl::StrCat("count(", x, ")");
  // A quotient that is too small for a double is an error to PostgreSQL.
  const auto quotient = [&](const std::string& part) {
    return absl::StrCat("CASE WHEN abs(", part, ") < ", count,
                        " * '5e-324'::double precision THEN 0 ELSE ", part, " / ", count, " END");
  };
  return absl::StrCat("CASE WHEN ", sum.huge, " IS NULL THEN ", quotient(sum.usual), " ",
                      Grown(absl::StrCat("(", sum.huge, " / ", count, ")"), quotient(sum.usual)),
                      " END");
}

}  // namespace

std::string AggregateSql(const ComputedField& field, std::string_view alias) {
  if (field.function == storage::v1::FUNCTION_COUNT) return Clamped(field.column, "count(*)");
  const Column& operand = field.source->column(field.operand);
  const std::string name = ColumnName(alias, operand);
  const std::string type(field.column.traits().cast);
  // A float's sums are in range as doubles, and its own sum() would lose digits.
  const bool real = operand.type == ColumnType::kReal;
  const std::string number = real ? name + "::double precision" : name;
  switch (field.function) {
    case storage::v1::FUNCTION_SUM:
      if (operand.type == ColumnType::kDouble) return SumOfDoubles(name);
      if (field.column.type != ColumnType::kDouble) {
        return Clamped(field.column, absl::StrCat("coalesce(sum(", name, "), 0)"));
      }
      return absl::StrCat("coalesce(sum(", number, "), 0)::", type);
    case storage::v1::FUNCTION_AVG:
      if (operand.type == ColumnType::kDouble) return MeanOfDoubles(name);
      return absl::StrCat("avg(", number, ")::", type);
    case storage::v1::FUNCTION_MIN:
      return Call("min", name);
    default:
      return Call("max", name);
  }
}

}  // namespace dataservice
