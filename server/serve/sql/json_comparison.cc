#include "serve/sql/json_comparison.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"

namespace dataservice {
namespace {

// What a text of JSON must look like to be read as a number or time. substring()
// gives its group, or the whole, and NULL for any other text, so that no cast
// fails.
constexpr std::string_view kInteger = "'^-?[0-9]{1,20}(?:[.]0+)?$'";
constexpr std::string_view kFloat = "'^-?[0-9]+(?:[.][0-9]+)?(?:[eE][-+]?[0-9]{1,3})?$'";
// As contract/rules/documented.h has it.
constexpr std::string_view kDecimal =
    "'^[-+]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][-+]?[0-9]{1,4})?$'";
constexpr int kMaxDecimalText = 1000;
constexpr std::string_view kDuration = "'^(-?[0-9]{1,12}(?:[.][0-9]{1,9})?)s$'";
constexpr std::string_view kTimestamp = "'^([0-9-]{10}T[0-9:]{8}(?:[.][0-9]+)?)Z$'";

// Longer than any double that jsonb writes; numeric can hold any so long.
constexpr int kMaxFloatText = 1100;

bool IsNumber(LeafType leaf) {
  return leaf == LeafType::kInteger || leaf == LeafType::kFloat || leaf == LeafType::kDecimal ||
         leaf == LeafType::kDuration;
}

// The text of a leaf as a value with the order of its type.
std::string Typed(LeafType leaf, const std::string& text) {
  switch (leaf) {
    case LeafType::kInteger:
      return absl::StrCat("substring(", text, ", ", View(kInteger), ")::numeric");
    case LeafType::kFloat:
      // numeric has no infinity before PostgreSQL 14.
      return absl::StrCat("substring(left(replace(", text, ", 'Infinity', '1e999'), ",
                          kMaxFloatText, "), ", View(kFloat), ")::numeric");
    case LeafType::kDecimal:
      return absl::StrCat("substring(left(", text, ", ", kMaxDecimalText, "), ", View(kDecimal),
                          ")::numeric");
    case LeafType::kDuration:
      return absl::StrCat("substring(", text, ", ", View(kDuration), ")::numeric");
    case LeafType::kTimestamp:
      return absl::StrCat("substring(", text, ", ", View(kTimestamp), ") COLLATE \"C\"");
    case LeafType::kColumn:
    case LeafType::kText:
    case LeafType::kBoolean:
    case LeafType::kEnum:
    case LeafType::kBytes:
    case LeafType::kOther:
      break;
  }
  return text;
}

class JsonWriter {
 public:
  JsonWriter(const Comparison& comparison, int& next_parameter)
      : comparison_(comparison), next_parameter_(next_parameter) {}

  // The steps from `i` on, from the jsonb value `base`.
  std::string Steps(size_t i, std::string base) {
    for (; i < comparison_.path.size(); ++i) {
      const PathStep& step = comparison_.path[i];
      if (step.kind == PathStep::Kind::kElements) return Elements(i, base);
      const std::string key =
          step.kind == PathStep::Kind::kKey ? Parameter("text") : Literal(step.name);
      if (i + 1 == comparison_.path.size()) return OfKey(base, key);
      absl::StrAppend(&base, " -> ", key);
    }
    return Compare(absl::StrCat("(", base, " #>> '{}')"));
  }

 private:
  std::string Elements(size_t i, const std::string& base) {
    const std::string alias = absl::StrCat("e", ++elements_);
    return absl::StrCat("EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(", base,
                        ") WHEN 'array' THEN ", base, " END) AS ", alias, "(v) WHERE ",
                        Steps(i + 1, alias + ".v"), ")");
  }

  // The last step: the value under a key of an object.
  std::string OfKey(const std::string& object, const std::string& key) {
    const std::string text = absl::StrCat("(", object, " ->> ", key, ")");
    if (!comparison_.zero) return Compare(text);
    const std::string zero = Literal(*comparison_.zero);
    const std::string value = absl::StrCat("coalesce(", object, " ->> ", key, ", ", zero, ")");
    if (comparison_.op == Operator::kPresent) return absl::StrCat(value, " <> ", zero);
    return Compare(
        absl::StrCat("CASE WHEN jsonb_typeof(", object, ") = 'object' THEN ", value, " END"));
  }

  std::string Compare(const std::string& text) {
    switch (comparison_.op) {
      case Operator::kPresent:
      case Operator::kAnyValue:
        return absl::StrCat(text, " IS NOT NULL");
      case Operator::kAbsent:
        return absl::StrCat(text, " IS NULL");
      case Operator::kLike:
        return absl::StrCat(text, " LIKE ", Parameter("text"));
      case Operator::kEqual:
        return Binary(text, " = ");
      case Operator::kNotEqual:
        return Binary(text, " IS DISTINCT FROM ");
      case Operator::kLess:
        return Binary(Collated(text), " < ");
      case Operator::kLessEqual:
        return Binary(Collated(text), " <= ");
      case Operator::kGreater:
        return Binary(Collated(text), " > ");
      case Operator::kGreaterEqual:
        return Binary(Collated(text), " >= ");
      case Operator::kPrefix:
        break;  // of columns only
    }
    return "";
  }

  std::string Binary(const std::string& text, std::string_view op) {
    return absl::StrCat(Typed(comparison_.leaf, text), View(op),
                        Parameter(IsNumber(comparison_.leaf) ? "numeric" : "text"));
  }

  // jsonb's texts have the database's collation.
  std::string Collated(const std::string& text) const {
    return comparison_.leaf == LeafType::kText ? absl::StrCat("(", text, ") COLLATE \"C\"") : text;
  }

  std::string Parameter(std::string_view type) {
    return absl::StrCat("$", next_parameter_++, "::", View(type));
  }

  const Comparison& comparison_;
  int& next_parameter_;
  int elements_ = 0;
};

}  // namespace

std::string JsonComparisonSql(const Comparison& comparison, const std::string& column,
                              int& next_parameter) {
  return JsonWriter(comparison, next_parameter).Steps(0, column);
}

}  // namespace dataservice
