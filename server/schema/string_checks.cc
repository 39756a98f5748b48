// buf.validate string, bytes and enum rules.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "schema/checks.h"
#include "sql/text.h"

namespace dataservice {
namespace {

std::string BytesLiteral(const std::string& bytes) {
  return absl::StrCat("'\\x", absl::BytesToHexString(bytes), "'::bytea");
}

template <typename List, typename ToLiteral>
std::string Listed(const List& list, ToLiteral literal) {
  std::string out;
  for (const auto& value : list) absl::StrAppend(&out, out.empty() ? "" : ", ", literal(value));
  return out;
}

// The rules that text and bytes share; `length` measures in the rule's unit.
template <typename Rules, typename ToLiteral>
void AddEqualities(const Rules& rules, ToLiteral literal, ColumnChecks& checks) {
  const std::string& c = checks.name();
  if (rules.has_const_()) checks.Add("const", absl::StrCat(c, " = ", literal(rules.const_())));
  if (!rules.in().empty()) {
    checks.Add("in", absl::StrCat(c, " IN (", Listed(rules.in(), literal), ")"));
  }
  if (!rules.not_in().empty()) {
    checks.Add("not_in", absl::StrCat(c, " NOT IN (", Listed(rules.not_in(), literal), ")"));
  }
}

void AddLength(const std::string& measure, const std::string& suffix, bool has_exact,
               uint64_t exact, bool has_min, uint64_t min, bool has_max, uint64_t max,
               ColumnChecks& checks) {
  if (has_exact) checks.Add(suffix, absl::StrCat(measure, " = ", exact));
  if (has_min && min > 0) checks.Add("min_" + suffix, absl::StrCat(measure, " >= ", min));
  if (has_max) checks.Add("max_" + suffix, absl::StrCat(measure, " <= ", max));
}

}  // namespace

void AddStringChecks(const buf::validate::StringRules& rules, ColumnChecks& checks) {
  const std::string& c = checks.name();
  // varchar(n) says the greatest length.
  const bool varchar = checks.column().max_length > 0;
  AddLength(absl::StrCat("char_length(", c, ")"), "len", rules.has_len(), rules.len(),
            rules.has_min_len(), rules.min_len(), rules.has_max_len() && !varchar, rules.max_len(),
            checks);
  AddLength(absl::StrCat("octet_length(", c, ")"), "bytes", rules.has_len_bytes(),
            rules.len_bytes(), rules.has_min_bytes(), rules.min_bytes(), rules.has_max_bytes(),
            rules.max_bytes(), checks);
  AddEqualities(
      rules, [](const std::string& text) { return Literal(text); }, checks);
  if (rules.has_prefix()) {
    checks.Add("prefix", absl::StrCat("starts_with(", c, ", ", Literal(rules.prefix()), ")"));
  }
  if (rules.has_suffix()) {
    checks.Add("suffix", absl::StrCat("starts_with(reverse(", c, "), reverse(",
                                      Literal(rules.suffix()), "))"));
  }
  if (rules.has_contains()) {
    checks.Add("contains",
               absl::StrCat("position(", Literal(rules.contains()), " IN ", c, ") > 0"));
  }
  if (rules.has_not_contains()) {
    checks.Add("not_contains",
               absl::StrCat("position(", Literal(rules.not_contains()), " IN ", c, ") = 0"));
  }
  if (rules.has_pattern()) {
    std::string pattern;
    if (TranslatePattern(rules.pattern(), pattern)) {
      checks.Add("pattern", absl::StrCat(c, " ~ ", Literal(pattern)));
    } else {
      checks.ServerOnly(absl::StrCat("string.pattern ", rules.pattern()));
    }
  }
  if (rules.well_known_case() != buf::validate::StringRules::WELL_KNOWN_NOT_SET &&
      checks.column().type != ColumnType::kUuid) {
    const auto* rule = rules.GetDescriptor()->FindFieldByNumber(rules.well_known_case());
    checks.ServerOnly(absl::StrCat("string.", rule->name()));
  }
}

void AddBytesChecks(const buf::validate::BytesRules& rules, ColumnChecks& checks) {
  const std::string& c = checks.name();
  AddLength(absl::StrCat("octet_length(", c, ")"), "len", rules.has_len(), rules.len(),
            rules.has_min_len(), rules.min_len(), rules.has_max_len(), rules.max_len(), checks);
  AddEqualities(rules, BytesLiteral, checks);
  if (rules.has_prefix()) {
    checks.Add("prefix", absl::StrCat("substring(", c, " FROM 1 FOR ", rules.prefix().size(),
                                      ") = ", BytesLiteral(rules.prefix())));
  }
  if (rules.has_suffix()) {
    const size_t size = rules.suffix().size();
    checks.Add("suffix", absl::StrCat("octet_length(", c, ") >= ", size, " AND substring(", c,
                                      " FROM octet_length(", c, ") - ", size,
                                      " + 1) = ", BytesLiteral(rules.suffix())));
  }
  if (rules.has_contains()) {
    checks.Add("contains",
               absl::StrCat("position(", BytesLiteral(rules.contains()), " IN ", c, ") > 0"));
  }
  if (rules.has_pattern()) checks.ServerOnly("bytes.pattern");
  if (rules.ip() || rules.ipv4() || rules.ipv6()) {
    const std::string length = absl::StrCat("octet_length(", c, ")");
    checks.Add("ip", rules.ipv4()   ? length + " = 4"
                     : rules.ipv6() ? length + " = 16"
                                    : length + " IN (4, 16)");
  }
}

void AddEnumChecks(const buf::validate::EnumRules& rules, ColumnChecks& checks) {
  AddEqualities(
      rules, [](int number) { return absl::StrCat(number); }, checks);
}

}  // namespace dataservice
