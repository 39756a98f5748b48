// The syntax tree of a filter (AIP-160's EBNF), before anything is known of the
// resource.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dataservice::filter {

// Why a filter is refused, and at which byte.
struct Problem {
  size_t offset = 0;
  std::string text;
};

// EBNF's value: TEXT or STRING.
struct Word {
  std::string text;  // without quotes and escapes
  bool quoted = false;
  size_t offset = 0;
  // Whether the first and the last character are stars that no backslash
  // precedes; both are the same character in "*".
  bool opens_with_star = false;
  bool ends_with_star = false;
  // Whether another character is.
  bool star_inside = false;

  // Nothing but one star: `*` or "*".
  bool lone_star() const { return opens_with_star && text.size() == 1; }
};

enum class Comparator { kEqual, kNotEqual, kLess, kLessEqual, kGreater, kGreaterEqual, kHas };

// member comparator argument
struct Restriction {
  std::vector<Word> member;  // "a.b.c"; never empty
  Comparator comparator = Comparator::kEqual;
  size_t comparator_offset = 0;
  Word argument;
};

struct Expression {
  enum class Kind { kAnd, kOr, kNot, kRestriction };

  Kind kind = Kind::kAnd;
  std::vector<Expression> operands;  // of kAnd and kOr; one of kNot
  Restriction restriction;           // of kRestriction
};

}  // namespace dataservice::filter
