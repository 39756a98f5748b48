// The types of columns, and what the engine knows of each: one row of traits a type.
//
// A new type is an enumerator and a row here, and a row of functions in
// serve/values/codec.cc. A property that a row leaves out has the value that is right for
// every type: without it a type costs more, or allows less.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace dataservice {

// How PostgreSQL holds a value. The names follow PostgreSQL's types, except
// where one type is used in two ways (an enum is an integer).
enum class ColumnType {
  kText,       // text, or varchar(max_length)
  kUuid,       // uuid
  kBoolean,    // boolean
  kInteger,    // integer
  kBigint,     // bigint
  kNumeric,    // numeric(20): every uint64
  kReal,       // real
  kDouble,     // double precision
  kBytea,      // bytea
  kEnum,       // integer, the enum's number
  kTimestamp,  // timestamptz, microseconds
  kInterval,   // interval, microseconds
  kDate,       // date
  kJsonb,      // jsonb, ProtoJSON
  kMaxValue = kJsonb,
};

inline constexpr size_t kColumnTypes = static_cast<size_t>(ColumnType::kMaxValue) + 1;

enum class NumberKind { kNone, kInteger, kFloat };

// Which expression gives the length of a value's text in a result.
enum class TextLength {
  kLimited,  // none is needed: the type limits it to some dozens of bytes
  kOctets,   // octet_length() of the value
  kHex,      // two digits for each byte of the value
  kCast,     // octet_length() of the value's cast to text
};

struct ColumnTraits {
  ColumnType type;
  // The type's name in DDL, without array brackets and the length of a varchar.
  std::string_view ddl;
  // The type's name in casts and parameters.
  std::string_view cast;
  // The full name of the message that a column of the type holds a value of. Empty for
  // scalars, and for kJsonb, which holds all other messages.
  std::string_view message = {};
  // The SQL literal of the zero that a field without presence has. Empty if there is none:
  // fields of the type have presence, or their zero is no value of the type.
  std::string_view zero = {};
  NumberKind number = NumberKind::kNone;
  // The range of the field's values as SQL literals, where PostgreSQL's type has a larger
  // one: a CHECK constraint. `highest_excluded`: `highest` is out of the range.
  std::string_view lowest = {};
  std::string_view highest = {};
  bool highest_excluded = false;
  std::string_view collation = {};
  // The function that gives a value's binary form. Results have it in hexadecimal digits where
  // the text depends on settings that the engine does not control, or costs PostgreSQL much more.
  // Empty: results have the text.
  std::string_view send = {};
  TextLength length = TextLength::kLimited;
  // Texts consist of letters, digits, '-', '+', '.' and ':': an array literal needs no quotes.
  bool plain_text = false;
  // The text of a value may be empty.
  bool may_be_empty = false;
  // A cast to text gives a word ("true") where a result has its first letter.
  bool cast_gives_word = false;
  // A key or a reference may be of the type.
  bool key = false;
  // Columns can be compared as a whole: equalities, order_by, indexes.
  bool comparable = false;
  // Filters compare values with <, <=, > and >=.
  bool ordered = false;
  // FUNCTION_MIN and FUNCTION_MAX take it: PostgreSQL 13 has min() and max() of the type, and
  // its order has a meaning.
  bool min_max = false;
};

// In the order of ColumnType.
inline constexpr std::array<ColumnTraits, kColumnTypes> kColumnTraits = {{
    // Order and prefix search must not depend on the collation of the cluster.
    {.type = ColumnType::kText,
     .ddl = "text",
     .cast = "text",
     .zero = "''",
     .collation = "C",
     .length = TextLength::kOctets,
     .may_be_empty = true,
     .key = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kUuid,
     .ddl = "uuid",
     .cast = "uuid",
     .plain_text = true,
     .key = true,
     .comparable = true,
     .ordered = true},
    {.type = ColumnType::kBoolean,
     .ddl = "boolean",
     .cast = "boolean",
     .zero = "false",
     .plain_text = true,
     .cast_gives_word = true,
     .comparable = true},
    {.type = ColumnType::kInteger,
     .ddl = "integer",
     .cast = "integer",
     .zero = "0",
     .number = NumberKind::kInteger,
     .plain_text = true,
     .key = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kBigint,
     .ddl = "bigint",
     .cast = "bigint",
     .zero = "0",
     .number = NumberKind::kInteger,
     .plain_text = true,
     .key = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kNumeric,
     .ddl = "numeric(20)",
     .cast = "numeric",
     .zero = "0",
     .number = NumberKind::kInteger,
     .lowest = "0",
     .highest = "18446744073709551615",
     .plain_text = true,
     .key = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kReal,
     .ddl = "real",
     .cast = "real",
     .zero = "0",
     .number = NumberKind::kFloat,
     .send = "float4send",
     .plain_text = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kDouble,
     .ddl = "double precision",
     .cast = "double precision",
     .zero = "0",
     .number = NumberKind::kFloat,
     .send = "float8send",
     .plain_text = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kBytea,
     .ddl = "bytea",
     .cast = "bytea",
     .zero = "''::bytea",
     .length = TextLength::kHex,
     .comparable = true},
    {.type = ColumnType::kEnum,
     .ddl = "integer",
     .cast = "integer",
     .zero = "0",
     .plain_text = true,
     .comparable = true,
     .min_max = true},
    {.type = ColumnType::kTimestamp,
     .ddl = "timestamptz",
     .cast = "timestamptz",
     .message = "google.protobuf.Timestamp",
     .lowest = "'0001-01-01 00:00:00+00'::timestamptz",
     .highest = "'10000-01-01 00:00:00+00'::timestamptz",
     .highest_excluded = true,
     .send = "timestamptz_send",
     .plain_text = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kInterval,
     .ddl = "interval",
     .cast = "interval",
     .message = "google.protobuf.Duration",
     .lowest = "'-87660000:00:00.999999'::interval",
     .highest = "'87660000:00:00.999999'::interval",
     .send = "interval_send",
     .plain_text = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kDate,
     .ddl = "date",
     .cast = "date",
     .message = "google.type.Date",
     .lowest = "'0001-01-01'::date",
     .highest = "'9999-12-31'::date",
     .plain_text = true,
     .comparable = true,
     .ordered = true,
     .min_max = true},
    {.type = ColumnType::kJsonb, .ddl = "jsonb", .cast = "jsonb", .length = TextLength::kCast},
}};

// Whether `rows`, one for each type, are in the order of ColumnType. For static_assert: an
// initializer list that is too short leaves rows of kText at the end.
template <typename Row>
constexpr bool HasRowForEachType(const std::array<Row, kColumnTypes>& rows) {
  for (size_t i = 0; i < kColumnTypes; ++i) {
    if (rows[i].type != static_cast<ColumnType>(i)) return false;
  }
  return true;
}
static_assert(HasRowForEachType(kColumnTraits));

constexpr const ColumnTraits& TraitsOf(ColumnType type) {
  return kColumnTraits[static_cast<size_t>(type)];
}

}  // namespace dataservice
