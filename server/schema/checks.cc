#include "schema/checks.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// The zero of the column's type, as a condition compares with it; empty if it
// has none.
std::string ZeroLiteral(const Column& column) {
  if (column.array) return "'{}'";
  switch (column.type) {
    case ColumnType::kText:
      return "''";
    case ColumnType::kBytea:
      return "''::bytea";
    case ColumnType::kBoolean:
      return "false";
    case ColumnType::kInteger:
    case ColumnType::kBigint:
    case ColumnType::kNumeric:
    case ColumnType::kReal:
    case ColumnType::kDouble:
    case ColumnType::kEnum:
      return "0";
    case ColumnType::kJsonb:
      if (column.field->is_map()) return "'{}'::jsonb";
      return column.field->is_repeated() ? "'[]'::jsonb" : "";
    default:
      return "";
  }
}

void AddRequired(ColumnChecks& checks) {
  const Column& column = checks.column();
  if (!column.required || column.field->has_presence()) return;  // NOT NULL says it
  const std::string zero = ZeroLiteral(column);
  if (!zero.empty()) checks.Add("required", absl::StrCat(checks.name(), " <> ", zero));
}

void AddRules(ColumnChecks& checks) {
  const buf::validate::FieldRules& rules = checks.column().rules;
  switch (rules.type_case()) {
    case buf::validate::FieldRules::TYPE_NOT_SET:
      return;
    case buf::validate::FieldRules::kString:
      return AddStringChecks(rules.string(), checks);
    case buf::validate::FieldRules::kBytes:
      return AddBytesChecks(rules.bytes(), checks);
    case buf::validate::FieldRules::kEnum:
      return AddEnumChecks(rules.enum_(), checks);
    case buf::validate::FieldRules::kBool:
      if (rules.bool_().has_const_()) {
        checks.Add("const",
                   absl::StrCat(checks.name(), " = ", rules.bool_().const_() ? "true" : "false"));
      }
      return;
    case buf::validate::FieldRules::kTimestamp:
    case buf::validate::FieldRules::kDuration:
      return AddTimeChecks(rules, checks);
    case buf::validate::FieldRules::kRepeated:
    case buf::validate::FieldRules::kMap:
      return AddListChecks(rules, checks);
    case buf::validate::FieldRules::kAny:
    case buf::validate::FieldRules::kFieldMask:
      return checks.ServerOnly("any and field_mask rules");
    default:
      return AddNumericChecks(rules, checks);
  }
}

}  // namespace

ColumnChecks::ColumnChecks(const Column& column)
    : column_(column), name_(Identifier(column.name)) {}

void ColumnChecks::Add(std::string suffix, std::string condition) {
  checks.push_back({std::move(suffix), std::move(condition)});
}

void ColumnChecks::ServerOnly(std::string rule) { server_only.push_back(std::move(rule)); }

ColumnChecks ChecksOfColumn(const Column& column) {
  ColumnChecks checks(column);
  AddTypeChecks(checks);
  AddRequired(checks);
  if (column.rules.ignore() == buf::validate::IGNORE_ALWAYS) return checks;
  const size_t first_rule = checks.checks.size();
  AddRules(checks);
  // Zero obeys every rule of a field that says so.
  const std::string zero = ZeroLiteral(column);
  if (column.rules.ignore() == buf::validate::IGNORE_IF_ZERO_VALUE && !zero.empty()) {
    for (size_t i = first_rule; i < checks.checks.size(); ++i) {
      std::string& condition = checks.checks[i].condition;
      condition = absl::StrCat(checks.name(), " = ", zero, " OR (", condition, ")");
    }
  }
  return checks;
}

}  // namespace dataservice
