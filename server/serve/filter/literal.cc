#include "serve/filter/literal.h"

#include "contract/rules/documented.h"
#include "serve/values/codec.h"
#include "serve/values/literal.h"
#include "serve/values/time_literal.h"

namespace dataservice::filter {
namespace {

bool ConvertDecimal(const std::string& literal, std::string& value, std::string& problem) {
  if (literal.empty() || !rules::IsDecimal(literal)) {
    problem =
        "value must be a decimal number of at most 1000 characters and an exponent of at most "
        "four digits";
    return false;
  }
  value = literal;
  return true;
}

}  // namespace

bool IsText(const Member& member) {
  return member.inside_json() ? member.comparison.leaf == LeafType::kText
                              : member.column->type == ColumnType::kText;
}

bool IsOrdered(const Member& member) {
  switch (member.comparison.leaf) {
    case LeafType::kColumn:
      return member.column->traits().ordered;
    case LeafType::kText:
    case LeafType::kInteger:
    case LeafType::kFloat:
    case LeafType::kDecimal:
    case LeafType::kTimestamp:
    case LeafType::kDuration:
      return true;
    case LeafType::kBoolean:
    case LeafType::kEnum:
    case LeafType::kBytes:
    case LeafType::kOther:
      return false;
  }
  return false;
}

bool ConvertLiteral(const Member& member, const Word& word, std::string& value,
                    std::string& problem) {
  switch (member.comparison.leaf) {
    case LeafType::kColumn:
      return CodecOf(*member.column)
          .literal(word.text, *member.field, /*json=*/false, value, problem);
    case LeafType::kText:
      value = word.text;
      return true;
    case LeafType::kBoolean:
      return ConvertBoolean(word.text, *member.field, /*json=*/true, value, problem);
    case LeafType::kInteger:
    case LeafType::kFloat:
      return ConvertNumber(word.text, *member.field, /*json=*/true, value, problem);
    case LeafType::kDecimal:
      return ConvertDecimal(word.text, value, problem);
    case LeafType::kEnum:
      return ConvertEnum(word.text, *member.field, /*json=*/true, value, problem);
    case LeafType::kBytes:
      return ConvertBytes(word.text, *member.field, /*json=*/true, value, problem);
    case LeafType::kTimestamp:
      return ConvertTimestamp(word.text, *member.field, /*json=*/true, value, problem);
    case LeafType::kDuration:
      return ConvertDuration(word.text, *member.field, /*json=*/true, value, problem);
    case LeafType::kOther:
      break;  // no scalar
  }
  return false;
}

}  // namespace dataservice::filter
