#include "schema/plan/violation_queries.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "schema/model/ddl.h"
#include "schema/plan/type_change.h"

namespace dataservice::schema {
namespace {

// An expression for the future value of a column, from the values that exist.
std::string Future(const ColumnPair& pair) {
  const SchemaColumn& wanted = *pair.wanted;
  if (pair.actual != nullptr) {
    const std::string name = Identifier(pair.actual->name);
    if (pair.actual->type == wanted.type) return name;
    if (const auto change = ChangeOfType(pair.actual->type, wanted.type, name)) {
      return change->convertible.empty()
                 ? change->value
                 : absl::StrCat("CASE WHEN ", change->convertible, " THEN ", change->value, " END");
    }
  }
  return absl::StrCat("(", wanted.default_value.empty() ? "NULL" : wanted.default_value,
                      ")::", wanted.type);
}

// The identifier of the key's column in the database; empty if it does not exist.
std::string KeyOf(const TablePair& pair) {
  for (const SchemaObject& constraint : pair.wanted->constraints) {
    if (!IsPrimaryKey(constraint)) continue;
    const ColumnPair* key = pair.Find(ColumnsOf(constraint).back());
    if (key != nullptr && key->actual != nullptr) return Identifier(key->actual->name);
  }
  return "";
}

constexpr char kKey[] = "\"key of the row\"";

// "(SELECT ... FROM table) AS future", with the named columns and the key.
std::string FutureRows(const TablePair& pair, const std::vector<std::string>& columns,
                       bool with_key = false) {
  std::vector<std::string> outputs;
  for (const std::string& name : columns) {
    const ColumnPair* column = pair.Find(name);
    if (column == nullptr) continue;
    outputs.push_back(absl::StrCat(Future(*column), " AS ", Identifier(name)));
  }
  if (with_key) outputs.push_back(absl::StrCat(KeyOf(pair), " AS ", kKey));
  return absl::StrCat("(SELECT ", absl::StrJoin(outputs, ", "), " FROM ", TableName(*pair.actual),
                      ") AS future");
}

// Rows of the table as it will be for which a condition is true.
ViolationQuery RowsWhere(const TablePair& pair, std::string what,
                         const std::vector<std::string>& columns, const std::string& condition) {
  ViolationQuery query{.what = std::move(what),
                       .query = absl::StrCat("SELECT count(*) FROM ", FutureRows(pair, columns),
                                             " WHERE ", condition)};
  if (!KeyOf(pair).empty()) {
    query.keys = absl::StrCat("SELECT ", kKey, " FROM ", FutureRows(pair, columns, true), " WHERE ",
                              condition, " ORDER BY 1");
  }
  return query;
}

std::string AllNotNull(const std::vector<std::string>& columns) {
  return absl::StrJoin(columns, " AND ", [](std::string* out, const std::string& name) {
    absl::StrAppend(out, Identifier(name), " IS NOT NULL");
  });
}

// The pair of the table that a foreign key refers to; null for a table outside of the contract.
const TablePair* TargetOf(const Pairing& pairing, const ForeignKey& key) {
  for (const TablePair& pair : pairing.tables) {
    if (TableName(*pair.wanted) == key.table) return &pair;
  }
  return nullptr;
}

ViolationQuery ReferenceViolations(const Pairing& pairing, const TablePair& pair,
                                   const ForeignKey& key) {
  const TablePair* target = TargetOf(pairing, key);
  std::vector<std::string> present;
  std::vector<std::string> keys;
  std::vector<std::string> same;
  const bool exists = target != nullptr && target->actual != nullptr;
  for (size_t i = 0; i < key.columns.size(); ++i) {
    const std::string own = absl::StrCat("future.", Identifier(key.columns[i]));
    const std::string name = i == 0 ? "key" : absl::StrCat("key", i + 1);
    present.push_back(absl::StrCat(own, " IS NOT NULL"));
    if (!exists) continue;
    keys.push_back(absl::StrCat(Future(*target->Find(key.referenced[i])), " AS ", name));
    same.push_back(absl::StrCat("target.", name, " = ", own));
  }
  std::string condition = absl::StrJoin(present, " AND ");
  if (exists) {
    absl::StrAppend(&condition, " AND NOT EXISTS (SELECT FROM (SELECT ", absl::StrJoin(keys, ", "),
                    " FROM ", TableName(*target->actual), ") AS target WHERE ",
                    absl::StrJoin(same, " AND "), ")");
  }
  return RowsWhere(pair,
                   absl::StrCat("rows of ", TableName(*pair.actual), " whose ", key.columns.back(),
                                " refers to no row"),
                   key.columns, condition);
}

// The condition of the rows that a CHECK refuses.
std::string IsRefused(const Check& check) {
  return absl::StrCat("NOT (", check.condition.Sql(), ")");
}

}  // namespace

ViolationQuery ConstraintViolations(const Pairing& pairing, const TablePair& pair,
                                    const SchemaObject& constraint) {
  if (const ForeignKey* key = AsForeignKey(constraint))
    return ReferenceViolations(pairing, pair, *key);
  const Check* check = std::get_if<Check>(&constraint.definition);
  if (check == nullptr) return UniqueViolations(pair, ColumnsOf(constraint));
  return RowsWhere(
      pair,
      absl::StrCat("rows of ", TableName(*pair.actual), " that break ", DefinitionText(constraint)),
      check->columns, IsRefused(*check));
}

std::string RefusedRows(const TablePair& pair, const Check& check) {
  return absl::StrCat("SELECT FROM ", FutureRows(pair, check.columns), " WHERE ", IsRefused(check));
}

ViolationQuery UniqueViolations(const TablePair& pair, const std::vector<std::string>& columns) {
  const std::string list = ColumnList(columns);
  ViolationQuery query{
      .what = absl::StrCat("rows of ", TableName(*pair.actual), " that share their ", list),
      .query = absl::StrCat("SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM ",
                            FutureRows(pair, columns), " WHERE ", AllNotNull(columns), " GROUP BY ",
                            list, " HAVING count(*) > 1) AS shared")};
  if (!KeyOf(pair).empty()) {
    query.keys = absl::StrCat("SELECT ", kKey, " FROM (SELECT ", kKey, ", ", list,
                              ", count(*) OVER (PARTITION BY ", list, ") AS \"rows alike\" FROM ",
                              FutureRows(pair, columns, true), " WHERE ", AllNotNull(columns),
                              ") AS counted WHERE \"rows alike\" > 1 ORDER BY ", list, ", 1");
  }
  return query;
}

ViolationQuery NotNullViolations(const TablePair& pair, const SchemaColumn& column) {
  return RowsWhere(pair,
                   absl::StrCat("rows of ", TableName(*pair.actual), " without ", column.name),
                   {column.name}, absl::StrCat(Identifier(column.name), " IS NULL"));
}

ViolationQuery TypeViolations(const TablePair& pair, const ColumnPair& column,
                              const TypeChange& change) {
  const std::string rows =
      absl::StrCat(" FROM ", TableName(*pair.actual), " WHERE NOT (", change.convertible, ")");
  ViolationQuery query{.what = absl::StrCat("rows of ", TableName(*pair.actual), " whose ",
                                            column.actual->name, " ", change.violation),
                       .query = absl::StrCat("SELECT count(*)", rows)};
  if (!KeyOf(pair).empty()) {
    query.keys = absl::StrCat("SELECT ", KeyOf(pair), rows, " ORDER BY 1");
  }
  return query;
}

}  // namespace dataservice::schema
