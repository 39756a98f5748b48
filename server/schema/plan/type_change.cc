#include "schema/plan/type_change.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "postgres/text.h"

namespace dataservice::schema {
namespace {

constexpr std::string_view kVarchar = "varchar(";

// The n of "varchar(n)"; 0 for text, which has no limit; -1 for any other type.
int TextLimit(std::string_view type) {
  if (type == "text" || type == "varchar") return 0;
  if (!type.starts_with(kVarchar)) return -1;
  return std::atoi(std::string(type.substr(kVarchar.size())).c_str());
}

// Integer types. Each can represent all values of those before it.
struct Number {
  std::string_view type;
  std::string_view lowest;  // empty for no limit
  std::string_view highest;
};

constexpr std::array<Number, 5> kIntegers = {{
    {"boolean", "0", "1"},
    {"smallint", "-32768", "32767"},
    {"integer", "-2147483648", "2147483647"},
    {"bigint", "-9223372036854775808", "9223372036854775807"},
    {"numeric(20)", "", ""},
}};

int RankOf(std::string_view type) {
  for (size_t i = 0; i < kIntegers.size(); ++i) {
    if (kIntegers[i].type == type) return static_cast<int>(i);
  }
  return -1;
}

// A cast. PostgreSQL has none between boolean and bigint or numeric.
std::string Cast(const std::string& value, std::string_view from, std::string_view to) {
  const bool detour =
      (from == "boolean" || to == "boolean") && from != "integer" && to != "integer";
  return absl::StrCat(value, detour ? "::integer::" : "::", View(to));
}

std::optional<TypeChange> ChangeOfText(int from, int to, std::string_view type,
                                       const std::string& column) {
  TypeChange change;
  change.value = absl::StrCat(column, "::", View(type));
  change.online = to == 0 || (from > 0 && to >= from);
  change.keeps_references = true;
  if (!change.online) {
    change.convertible = absl::StrCat("char_length(", column, ") <= ", to);
    change.violation = absl::StrCat("is longer than ", to, " characters");
  }
  return change;
}

std::optional<TypeChange> ChangeOfInteger(int from, int to, const std::string& column) {
  TypeChange change;
  const Number& narrow = kIntegers[static_cast<size_t>(to)];
  change.value = Cast(column, kIntegers[static_cast<size_t>(from)].type,
                      kIntegers[static_cast<size_t>(to)].type);
  change.keeps_references = std::min(from, to) >= 1 && std::max(from, to) <= 3;
  if (to < from) {
    change.convertible =
        absl::StrCat(column, " BETWEEN ", View(narrow.lowest), " AND ", View(narrow.highest));
    change.violation =
        absl::StrCat("is not within ", View(narrow.lowest), " and ", View(narrow.highest));
  }
  return change;
}

bool IsFloat(std::string_view type) { return type == "real" || type == "double precision"; }

std::optional<TypeChange> ChangeOfFloat(std::string_view from, std::string_view to,
                                        const std::string& column) {
  TypeChange change;
  change.value = absl::StrCat(column, "::", View(to));
  if (to == "double precision") {
    // Every real and every integer of 32 bits is a double.
    if (from != "real" && from != "integer") return std::nullopt;
  } else if (from == "double precision" && to == "real") {
    // A cast of a value outside of the range of real raises an error.
    change.convertible = absl::StrCat("CASE WHEN ", column,
                                      " IN ('NaN', 'Infinity', '-Infinity', 0) THEN true "
                                      "WHEN abs(",
                                      column, ") BETWEEN 1.2e-38 AND 3.4e38 THEN ", column,
                                      "::real::double precision = ", column, " ELSE false END");
    change.violation = "has more digits than real holds";
  } else {
    return std::nullopt;
  }
  return change;
}

std::optional<TypeChange> ChangeOfArray(std::string_view from, std::string_view to,
                                        const std::string& column) {
  from.remove_suffix(2);
  to.remove_suffix(2);
  const int narrow = RankOf(from);
  const int wide = RankOf(to);
  const bool widens =
      (narrow >= 1 && wide > narrow) || (from == "real" && to == "double precision") ||
      (from == "integer" && to == "double precision") || (from == "uuid" && to == "text");
  if (!widens) return std::nullopt;
  return TypeChange{.value = absl::StrCat(column, "::", View(to), "[]")};
}

}  // namespace

std::optional<TypeChange> ChangeOfType(std::string_view from, std::string_view to,
                                       const std::string& column) {
  if (from.ends_with("[]") && to.ends_with("[]")) return ChangeOfArray(from, to, column);
  if (TextLimit(from) >= 0 && TextLimit(to) >= 0) {
    return ChangeOfText(TextLimit(from), TextLimit(to), to, column);
  }
  if (RankOf(from) >= 0 && RankOf(to) >= 0)
    return ChangeOfInteger(RankOf(from), RankOf(to), column);
  if (IsFloat(from) || IsFloat(to)) return ChangeOfFloat(from, to, column);
  if (from == "uuid" && TextLimit(to) >= 0 && (TextLimit(to) == 0 || TextLimit(to) >= 36)) {
    return TypeChange{.value = absl::StrCat(column, "::text")};
  }
  if (TextLimit(from) >= 0 && to == "uuid") {
    // Only the canonical form: the text of any other form would change.
    return TypeChange{
        .value = absl::StrCat(column, "::uuid"),
        .convertible = absl::StrCat(
            column, " ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'"),
        .violation = "is no UUID in lower case"};
  }
  // An optional value becomes a list of it.
  if (to.ends_with("[]")) {
    std::string_view element = to;
    element.remove_suffix(2);
    const bool same = element == from || (element == "text" && TextLimit(from) >= 0);
    if (!same) return std::nullopt;
    return TypeChange{.value = absl::StrCat("CASE WHEN ", column, " IS NULL THEN '{}' ELSE ARRAY[",
                                            column, "] END::", View(to))};
  }
  return std::nullopt;
}

bool IsWidened(std::string_view narrow, std::string_view wide) {
  const auto change = ChangeOfType(narrow, wide, "");
  return change && change->convertible.empty() && change->keeps_references;
}

}  // namespace dataservice::schema
