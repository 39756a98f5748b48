// The structure of a filter (AIP-160), without the values that it compares with. It is part of
// a list's shape.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dataservice {

// One step from a column's value inwards.
struct PathStep {
  enum class Kind {
    kField,     // a message's field, by its name in ProtoJSON
    kKey,       // a map's entry; its key is a value of the request
    kElements,  // any element of an array, in SQL or in JSON
  };

  Kind kind = Kind::kField;
  std::string name;  // of kField

  bool operator==(const PathStep&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const PathStep& s) {
    return H::combine(std::move(h), s.kind, s.name);
  }
};

// How the value at the end of a path is compared.
enum class LeafType {
  kColumn,     // outside jsonb: as the column, or the array's element
  kText,       // a JSON string
  kBoolean,    // true or false
  kInteger,    // a JSON number, or a string of digits (int64)
  kFloat,      // a JSON number, or "Infinity", "-Infinity", "NaN"
  kDecimal,    // the value of a google.type.Decimal: a string that is a number
  kEnum,       // the name of the enum's value
  kBytes,      // base64
  kTimestamp,  // RFC 3339 in UTC, as ProtoJSON writes it
  kDuration,   // "1.500s"
  kOther,      // messages, maps and arrays: only tested for presence
};

enum class Operator {
  kEqual,
  kNotEqual,  // true for absent values
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kPresent,   // set; without presence: not zero (AIP-160, "has")
  kAbsent,    // not set
  kAnyValue,  // set, or without presence
  kPrefix,    // of a column: at or after the first value, before the second
  kLike,      // PostgreSQL's LIKE
};

// One comparison of a row's value with those of the request.
struct Comparison {
  int column = -1;  // position in Resource::columns
  std::vector<PathStep> path;
  LeafType leaf = LeafType::kColumn;
  // For a field without presence inside jsonb: the JSON text of its zero. It is the field's value
  // if the surrounding object is present and lacks the key.
  std::optional<std::string> zero;
  Operator op = Operator::kEqual;

  // The number of its values: one for each key of the path, then the values that it compares
  // with.
  int values() const;

  bool operator==(const Comparison&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const Comparison& c) {
    return H::combine(std::move(h), c.column, c.path, c.leaf, c.zero, c.op);
  }
};

// A tree of comparisons, at most kMaxFilterDepth deep. It is true or false, never unknown: a
// comparison with an absent value is false, its negation true.
// Thread-safe while it is not changed.
struct Condition {
  enum class Kind { kAnd, kOr, kNot, kComparison };

  Kind kind = Kind::kAnd;
  std::vector<Condition> operands;  // of kAnd and kOr; one of kNot
  Comparison comparison;            // of kComparison

  // Whether it is the condition of an empty filter, which every row fulfils.
  bool empty() const { return kind == Kind::kAnd && operands.empty(); }

  // The number of its values, in the order of its comparisons.
  int values() const;

  bool operator==(const Condition& other) const;

  template <typename H>
  friend H AbslHashValue(H h, const Condition& c) {
    return H::combine(std::move(h), c.kind, c.operands, c.comparison);
  }
};

}  // namespace dataservice
