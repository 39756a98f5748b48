#include "schema/model/checks.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "contract/rules/options.h"
#include "postgres/text.h"

namespace dataservice::schema {
namespace {

using google::protobuf::FieldDescriptor;

// For these, -0.0 equals 0 but is another value of the field.
bool IsFloat(const Column& column) { return !column.array && column.is_float(); }

void AddRequired(ColumnChecks& checks) {
  const Column& column = checks.column();
  if (!column.required || column.field->has_presence()) return;  // NOT NULL is enough
  const std::string zero = ZeroLiteral(column);
  if (zero.empty()) return;
  checks.Add("required", IsFloat(column) ? Concat(checks.value(), "::text <> '0'")
                                         : Concat(checks.value(), " <> ", zero));
}

// Whether the zero of a field without presence satisfies every rule. It does if only the database
// sets the field, because a new row has the zero.
bool ZeroObeys(const Column& column) {
  const FieldDescriptor& field = *column.field;
  if (field.has_presence()) return false;
  if (column.origin == ColumnOrigin::kDatabase) return true;
  if (column.rules.has_ignore()) {
    return column.rules.ignore() == buf::validate::IGNORE_IF_ZERO_VALUE;
  }
  return field.options().HasExtension(buf::validate::field) &&
         rules::IsOneofMember(
             field.containing_type()->options().GetExtension(buf::validate::message), field);
}

std::string ArrayLiteral(const std::vector<std::string>& literals, const Column& column) {
  return absl::StrCat("ARRAY[", absl::StrJoin(literals, ", "), "]::", DdlTypeName(column));
}

}  // namespace

Expression IsZero(const Column& column) {
  const Expression value = Expression::Column(column.name);
  if (IsFloat(column)) return Concat(value, "::text = '0'");
  const std::string zero = ZeroLiteral(column);
  return zero.empty() ? Expression() : Concat(value, " = ", zero);
}

void AddRules(const buf::validate::FieldRules& rules, ColumnChecks& checks) {
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
        checks.AddConst(rules.bool_().const_() ? "true" : "false");
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

ColumnChecks::ColumnChecks(const Column& column)
    : column_(column), value_(Expression::Column(column.name)) {}

void ColumnChecks::Add(std::string suffix, Expression condition) {
  checks.push_back({std::move(suffix), std::move(condition)});
}

void ColumnChecks::ReadAbsentAs(const std::string& zero) {
  value_ = Concat("coalesce(", value_, ", ", zero, ")");
}

void ColumnChecks::AddConst(const std::string& literal) {
  if (column_.array) {
    Add("items_const", Concat(literal, " = ALL (", value_, ")"));
  } else {
    Add("const", Concat(value_, " = ", literal));
  }
}

void ColumnChecks::AddIn(const std::vector<std::string>& literals) {
  if (literals.empty()) return;
  if (column_.array) {
    Add("items_in", Concat(value_, " <@ ", ArrayLiteral(literals, column_)));
  } else {
    Add("in", Concat(value_, " IN (", absl::StrJoin(literals, ", "), ")"));
  }
}

void ColumnChecks::AddNotIn(const std::vector<std::string>& literals) {
  if (literals.empty()) return;
  if (column_.array) {
    Add("items_not_in", Concat("NOT ", value_, " && ", ArrayLiteral(literals, column_)));
  } else {
    Add("not_in", Concat(value_, " NOT IN (", absl::StrJoin(literals, ", "), ")"));
  }
}

void ColumnChecks::ServerOnly(std::string rule) { server_only.push_back(std::move(rule)); }

ColumnChecks ChecksOfColumn(const Column& column) {
  ColumnChecks checks(column);
  AddTypeChecks(checks);
  AddRequired(checks);
  if (column.rules.ignore() == buf::validate::IGNORE_ALWAYS) return checks;
  const size_t first_rule = checks.checks.size();
  const std::string zero = ZeroLiteral(column);
  const bool zero_obeys = ZeroObeys(column) && !zero.empty();
  if (column.zero_is_null && !zero_obeys && !zero.empty()) checks.ReadAbsentAs(zero);
  AddRules(column.rules, checks);
  if (zero_obeys) {
    for (size_t i = first_rule; i < checks.checks.size(); ++i) {
      Expression& condition = checks.checks[i].condition;
      condition = Concat(IsZero(column), " OR (", condition, ")");
    }
  }
  return checks;
}

}  // namespace dataservice::schema
