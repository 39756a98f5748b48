// buf.validate string, bytes and enum rules.
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "schema/model/checks.h"

namespace dataservice::schema {
namespace {

std::string BytesLiteral(const std::string& bytes) {
  return absl::StrCat("'\\x", absl::BytesToHexString(bytes), "'::bytea");
}

// The rules that text, bytes and enums share.
template <typename Rules, typename ToLiteral>
void AddEqualities(const Rules& rules, ToLiteral literal, ColumnChecks& checks) {
  const auto listed = [&](const auto& values) {
    std::vector<std::string> out;
    for (const auto& value : values) out.push_back(literal(value));
    return out;
  };
  if (rules.has_const_()) checks.AddConst(literal(rules.const_()));
  checks.AddIn(listed(rules.in()));
  checks.AddNotIn(listed(rules.not_in()));
}

// For the items of an array, only the rules of AddEqualities() have checks; the server enforces the
// others.
template <typename Rules>
void AddItems(Rules rules, ColumnChecks& checks) {
  rules.clear_const_();
  rules.clear_in();
  rules.clear_not_in();
  rules.clear_example();
  if (rules.ByteSizeLong() > 0) checks.ServerOnly("repeated.items but const, in and not_in");
}

void AddLength(const Expression& measure, const std::string& suffix, bool has_exact, uint64_t exact,
               bool has_min, uint64_t min, bool has_max, uint64_t max, ColumnChecks& checks) {
  if (has_exact) checks.Add(suffix, Concat(measure, " = ", exact));
  if (has_min && min > 0) checks.Add("min_" + suffix, Concat(measure, " >= ", min));
  if (has_max) checks.Add("max_" + suffix, Concat(measure, " <= ", max));
}

// The formats that a regular expression describes completely.
std::string PatternOfFormat(const buf::validate::StringRules& rules) {
  if (rules.tuuid()) return "^[0-9A-Fa-f]{32}$";
  if (rules.ulid()) return "^[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}$";
  if (rules.protobuf_fqn()) return "^[A-Za-z_][0-9A-Za-z_]*(\\.[A-Za-z_][0-9A-Za-z_]*)*$";
  if (rules.protobuf_dot_fqn()) return "^(\\.[A-Za-z_][0-9A-Za-z_]*)+$";
  return "";
}

void AddFormat(const buf::validate::StringRules& rules, ColumnChecks& checks) {
  if (rules.well_known_case() == buf::validate::StringRules::WELL_KNOWN_NOT_SET) return;
  const auto& rule = *rules.GetDescriptor()->FindFieldByNumber(rules.well_known_case());
  const std::string pattern = PatternOfFormat(rules);
  if (!pattern.empty()) {
    checks.Add(rule.name(), Concat(checks.value(), " ~ ", Literal(pattern)));
  } else if (rule.type() != google::protobuf::FieldDescriptor::TYPE_BOOL ||
             rules.GetReflection()->GetBool(rules, &rule)) {
    checks.ServerOnly(absl::StrCat("string.", rule.name()));
  }
}

// The column's type enforces string.uuid. Other rules are about the text form, which the column
// does not store.
void AddUuidChecks(buf::validate::StringRules rules, ColumnChecks& checks) {
  rules.clear_uuid();
  rules.clear_example();
  if (rules.ByteSizeLong() > 0) checks.ServerOnly("the string rules beside string.uuid");
}

}  // namespace

void AddStringChecks(const buf::validate::StringRules& rules, ColumnChecks& checks) {
  if (checks.column().type == ColumnType::kUuid) return AddUuidChecks(rules, checks);
  const Expression& c = checks.value();
  AddEqualities(
      rules, [](const std::string& text) { return Literal(text); }, checks);
  if (checks.column().array) return AddItems(rules, checks);
  // varchar(n) enforces max_len.
  const bool varchar = checks.column().max_length > 0;
  AddLength(Concat("char_length(", c, ")"), "len", rules.has_len(), rules.len(),
            rules.has_min_len(), rules.min_len(), rules.has_max_len() && !varchar, rules.max_len(),
            checks);
  AddLength(Concat("octet_length(", c, ")"), "bytes", rules.has_len_bytes(), rules.len_bytes(),
            rules.has_min_bytes(), rules.min_bytes(), rules.has_max_bytes(), rules.max_bytes(),
            checks);
  if (rules.has_prefix()) {
    checks.Add("prefix", Concat("starts_with(", c, ", ", Literal(rules.prefix()), ")"));
  }
  if (rules.has_suffix()) {
    checks.Add("suffix",
               Concat("starts_with(reverse(", c, "), reverse(", Literal(rules.suffix()), "))"));
  }
  if (rules.has_contains()) {
    checks.Add("contains", Concat("position(", Literal(rules.contains()), " IN ", c, ") > 0"));
  }
  if (rules.has_not_contains()) {
    checks.Add("not_contains",
               Concat("position(", Literal(rules.not_contains()), " IN ", c, ") = 0"));
  }
  if (rules.has_pattern()) {
    std::string pattern;
    if (TranslatePattern(rules.pattern(), pattern)) {
      checks.Add("pattern", Concat(c, " ~ ", Literal(pattern)));
    } else {
      checks.ServerOnly(absl::StrCat("string.pattern ", rules.pattern()));
    }
  }
  AddFormat(rules, checks);
}

void AddBytesChecks(const buf::validate::BytesRules& rules, ColumnChecks& checks) {
  const Expression& c = checks.value();
  AddEqualities(rules, BytesLiteral, checks);
  if (checks.column().array) return AddItems(rules, checks);
  AddLength(Concat("octet_length(", c, ")"), "len", rules.has_len(), rules.len(),
            rules.has_min_len(), rules.min_len(), rules.has_max_len(), rules.max_len(), checks);
  if (rules.has_prefix()) {
    checks.Add("prefix", Concat("substring(", c, " FROM 1 FOR ", rules.prefix().size(),
                                ") = ", BytesLiteral(rules.prefix())));
  }
  if (rules.has_suffix()) {
    const size_t size = rules.suffix().size();
    checks.Add("suffix", Concat("octet_length(", c, ") >= ", size, " AND substring(", c,
                                " FROM octet_length(", c, ") - ", size,
                                " + 1) = ", BytesLiteral(rules.suffix())));
  }
  if (rules.has_contains()) {
    checks.Add("contains", Concat("position(", BytesLiteral(rules.contains()), " IN ", c, ") > 0"));
  }
  if (rules.has_pattern()) checks.ServerOnly("bytes.pattern");
  if (rules.ip() || rules.ipv4() || rules.ipv6()) {
    const Expression length = Concat("octet_length(", c, ")");
    checks.Add("ip", Concat(length, rules.ipv4()   ? " = 4"
                                    : rules.ipv6() ? " = 16"
                                                   : " IN (4, 16)"));
  }
  if (rules.uuid()) checks.Add("uuid", Concat("octet_length(", c, ") = 16"));
}

void AddEnumChecks(const buf::validate::EnumRules& rules, ColumnChecks& checks) {
  AddEqualities(
      rules, [](int number) { return absl::StrCat(number); }, checks);
}

}  // namespace dataservice::schema
