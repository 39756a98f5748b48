// What a filter (AIP-160) asks of a row, without its values: part of a list's
// shape.
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

// How what stands at the end of a path is compared.
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
  kOther,      // only present or absent: messages, maps, arrays
};

enum class Operator {
  kEqual,
  kNotEqual,  // also of what is absent
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
  // Inside jsonb, of a field without presence: its zero as JSON's text, which is
  // its value where the message around it is present and has no such key.
  std::optional<std::string> zero;
  Operator op = Operator::kEqual;

  // How many values it takes: one for each key of the path, then those compared
  // with.
  int values() const;

  bool operator==(const Comparison&) const = default;

  template <typename H>
  friend H AbslHashValue(H h, const Comparison& c) {
    return H::combine(std::move(h), c.column, c.path, c.leaf, c.zero, c.op);
  }
};

// A tree of comparisons. It is true or false, never unknown: a comparison with
// what is absent is false, its negation true. At most kMaxFilterDepth nested.
// Thread-safe while it is not changed.
struct Condition {
  enum class Kind { kAnd, kOr, kNot, kComparison };

  Kind kind = Kind::kAnd;
  std::vector<Condition> operands;  // of kAnd and kOr; one of kNot
  Comparison comparison;            // of kComparison

  // Whether every row fulfils it: that of an empty filter.
  bool empty() const { return kind == Kind::kAnd && operands.empty(); }

  // How many values it takes, in the order of its comparisons.
  int values() const;

  bool operator==(const Condition& other) const;

  template <typename H>
  friend H AbslHashValue(H h, const Condition& c) {
    return H::combine(std::move(h), c.kind, c.operands, c.comparison);
  }
};

}  // namespace dataservice
