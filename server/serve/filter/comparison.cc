#include "serve/filter/comparison.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "serve/filter/literal.h"
#include "serve/filter/member.h"
#include "serve/filter/pattern.h"
#include "view.h"

namespace dataservice::filter {
namespace {

Operator OperatorOf(Comparator comparator) {
  switch (comparator) {
    case Comparator::kEqual:
    case Comparator::kHas:
      return Operator::kEqual;
    case Comparator::kNotEqual:
      return Operator::kNotEqual;
    case Comparator::kLess:
      return Operator::kLess;
    case Comparator::kLessEqual:
      return Operator::kLessEqual;
    case Comparator::kGreater:
      return Operator::kGreater;
    case Comparator::kGreaterEqual:
      return Operator::kGreaterEqual;
  }
  return Operator::kEqual;
}

class Checker {
 public:
  Checker(const Restriction& restriction, Condition& condition, Values& values, Problem& problem)
      : comparator_(restriction.comparator),
        comparator_offset_(restriction.comparator_offset),
        argument_(restriction.argument),
        condition_(condition),
        values_(values),
        problem_(problem) {}

  bool Check(const Resource& resource, const std::vector<Word>& words) {
    if (!ResolveMember(resource, words, member_, values_, problem_)) return false;
    if (member_.of_elements && comparator_ != Comparator::kHas) {
      return FailAtComparator("leads through a repeated field; use ':'");
    }
    if (comparator_ == Comparator::kHas && argument_.lone_star()) return Presence();
    switch (member_.form) {
      case Form::kScalar:
        return Scalar();
      case Form::kRepeated:
        return Element();
      case Form::kMap:
      case Form::kMessage:
        return FieldOrEntry();
      case Form::kOpaque:
        break;
    }
    if (IsNull()) return Null();
    return FailAtComparator("can only be tested with ':*'");
  }

 private:
  bool Presence() { return Finish(member_.of_map ? Operator::kAnyValue : Operator::kPresent); }

  // r:42
  bool Element() {
    if (comparator_ != Comparator::kHas) return FailAtComparator("is repeated; use ':'");
    if (HasFields(*member_.field)) {
      return FailAtComparator("has elements with fields of their own; compare one of them");
    }
    StepIntoElements(member_);
    if (member_.form != Form::kScalar) return FailAtComparator("can only be tested with ':*'");
    return Scalar();
  }

  // m:foo
  bool FieldOrEntry() {
    if (comparator_ == Comparator::kHas) {
      return StepInto(argument_, member_, values_, problem_) && Presence();
    }
    if (IsNull()) return Null();
    return FailAtComparator(member_.form == Form::kMap
                                ? "is a map; compare one of its entries, or use ':'"
                                : "is a message; compare one of its fields, or use ':'");
  }

  bool Scalar() {
    if (IsNull()) return Null();
    const Operator op = OperatorOf(comparator_);
    const bool equality = op == Operator::kEqual || op == Operator::kNotEqual;
    if (!equality && !IsOrdered(member_)) {
      return FailAtComparator("has no order; use '=' or '!='");
    }
    if (IsText(member_) && HasStar()) return Pattern(equality);
    const bool zero_is_null = !member_.inside_json() && member_.column->zero_is_null;
    const bool integer = !member_.inside_json() && member_.column->is_integer();
    if (zero_is_null && argument_.text.empty() && !integer) return NullZero(op);
    std::string value;
    std::string problem;
    if (!ConvertLiteral(member_, argument_, value, problem)) {
      return Fail(argument_.offset, problem);
    }
    if (zero_is_null && value == "0" && integer && equality) {
      return NullZero(op);
    }
    values_.Add(value);
    return Finish(op);
  }

  // A comparison with the zero of a column that stores it as NULL. An empty text
  // is the least.
  bool NullZero(Operator op) {
    switch (op) {
      case Operator::kEqual:
      case Operator::kLessEqual:
        return Finish(Operator::kAbsent);
      case Operator::kLess:
        return Finish(Operator::kAnyValue, /*negated=*/true);
      case Operator::kGreaterEqual:
        return Finish(Operator::kAnyValue);
      case Operator::kNotEqual:
      case Operator::kGreater:
      case Operator::kPresent:
      case Operator::kAbsent:
      case Operator::kAnyValue:
      case Operator::kPrefix:
      case Operator::kLike:
        break;  // OperatorOf() returns comparisons only
    }
    return Finish(Operator::kPresent);
  }

  bool HasStar() const {
    return argument_.opens_with_star || argument_.ends_with_star || argument_.star_inside;
  }

  // name = "a*"
  bool Pattern(bool equality) {
    if (!equality) {
      return Fail(argument_.offset,
                  "stars are for '=', '!=' and ':'; write \\* in quotes for the character");
    }
    if (argument_.star_inside) {
      return Fail(argument_.offset,
                  "a star stands at the start or end of a string; write \\* in quotes for the "
                  "character");
    }
    const bool negated = comparator_ == Comparator::kNotEqual;
    const std::string_view stem = Stem(argument_);
    if (stem.empty()) return Finish(Operator::kAnyValue, negated);
    // Only a column has an index, which a range of two bounds can use.
    if (!argument_.opens_with_star && member_.comparison.path.empty()) {
      values_.Add(stem);
      const auto end = EndOfPrefix(stem);
      if (!end) return Finish(Operator::kGreaterEqual, negated);
      values_.Add(*end);
      return Finish(Operator::kPrefix, negated);
    }
    values_.Add(LikePattern(argument_));
    return Finish(Operator::kLike, negated);
  }

  // An unquoted null where it can mean something else than a text.
  bool IsNull() const {
    return !argument_.quoted && argument_.text == "null" && comparator_ != Comparator::kHas;
  }

  bool Null() {
    if (comparator_ != Comparator::kEqual && comparator_ != Comparator::kNotEqual) {
      return FailAtComparator("is compared with null; use '=' or '!='");
    }
    if (!member_.can_be_absent) {
      return Fail(argument_.offset, "value is never null; a text of these letters needs quotes");
    }
    return Finish(comparator_ == Comparator::kEqual ? Operator::kAbsent : Operator::kAnyValue);
  }

  bool Finish(Operator op, bool negated = false) {
    Condition* leaf = &condition_;
    if (negated) {
      condition_.kind = Condition::Kind::kNot;
      leaf = &condition_.operands.emplace_back();
    }
    leaf->kind = Condition::Kind::kComparison;
    leaf->comparison = std::move(member_.comparison);
    leaf->comparison.op = op;
    return true;
  }

  bool FailAtComparator(std::string_view text) { return Fail(comparator_offset_, text); }

  bool Fail(size_t offset, std::string_view text) {
    problem_ = {offset, absl::StrCat("field '", member_.name, "': ", View(text))};
    return false;
  }

  const Comparator comparator_;
  const size_t comparator_offset_;
  const Word& argument_;
  Condition& condition_;
  Values& values_;
  Problem& problem_;
  Member member_;
};

}  // namespace

bool CheckRestriction(const Resource& resource, const Restriction& restriction,
                      Condition& condition, Values& values, Problem& problem) {
  return Checker(restriction, condition, values, problem).Check(resource, restriction.member);
}

}  // namespace dataservice::filter
