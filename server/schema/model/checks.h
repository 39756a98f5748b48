// Translates rules into CHECK constraints, so that rows written with psql obey them too.
#pragma once

#include <string>
#include <vector>

#include "contract/resource.h"
#include "schema/model/expression.h"

namespace dataservice::schema {

// A CHECK over one column.
struct ColumnCheck {
  std::string suffix;    // the end of the constraint's name
  Expression condition;  // a row where it is NULL passes
};

// Collects the checks of one column.
class ColumnChecks {
 public:
  explicit ColumnChecks(const Column& column);

  const Column& column() const { return column_; }
  // The column's value in a condition.
  const Expression& value() const { return value_; }
  // Replaces NULL by `zero` in the conditions that are added from here on.
  void ReadAbsentAs(const std::string& zero);
  void Add(std::string suffix, Expression condition);
  // const, in and not_in; for an array, those of its items.
  void AddConst(const std::string& literal);
  void AddIn(const std::vector<std::string>& literals);
  void AddNotIn(const std::vector<std::string>& literals);
  // A rule that SQL cannot express.
  void ServerOnly(std::string rule);

  std::vector<ColumnCheck> checks;
  std::vector<std::string> server_only;

 private:
  const Column& column_;
  Expression value_;
};

// All checks of a column: those of its type, of REQUIRED and of its rules.
ColumnChecks ChecksOfColumn(const Column& column);

// The condition that the column has the zero value of its field; empty if its type has none.
Expression IsZero(const Column& column);

// Each adds the checks of one family of rules; for an array, those of its items.
void AddRules(const buf::validate::FieldRules& rules, ColumnChecks& checks);
void AddStringChecks(const buf::validate::StringRules& rules, ColumnChecks& checks);
void AddBytesChecks(const buf::validate::BytesRules& rules, ColumnChecks& checks);
void AddEnumChecks(const buf::validate::EnumRules& rules, ColumnChecks& checks);
void AddNumericChecks(const buf::validate::FieldRules& rules, ColumnChecks& checks);
void AddTimeChecks(const buf::validate::FieldRules& rules, ColumnChecks& checks);
void AddListChecks(const buf::validate::FieldRules& rules, ColumnChecks& checks);
void AddTypeChecks(ColumnChecks& checks);

// Translates a pattern of RE2 into one of PostgreSQL. Returns false if the pattern is outside of
// the subset that both read alike.
bool TranslatePattern(std::string_view re2, std::string& postgres);

}  // namespace dataservice::schema
