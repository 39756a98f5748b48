#include "schema/fits.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "schema/ddl.h"
#include "schema/type_change.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// A column of the table as it will be, from what it is.
std::string Future(const ColumnPair& pair) {
  const SchemaColumn& wanted = *pair.wanted;
  if (pair.actual != nullptr) {
    const std::string name = Identifier(pair.actual->name);
    if (pair.actual->type == wanted.type) return name;
    if (const auto change = ChangeOfType(pair.actual->type, wanted.type, name)) {
      return change->fits.empty()
                 ? change->value
                 : absl::StrCat("CASE WHEN ", change->fits, " THEN ", change->value, " END");
    }
  }
  return absl::StrCat("(", wanted.default_value.empty() ? "NULL" : wanted.default_value,
                      ")::", wanted.type);
}

// "(SELECT ... FROM table) AS future", with the named columns.
std::string FutureRows(const TablePair& pair, const std::vector<std::string>& columns) {
  std::vector<std::string> outputs;
  for (const std::string& name : columns) {
    const ColumnPair* column = pair.Find(name);
    if (column == nullptr) continue;
    outputs.push_back(absl::StrCat(Future(*column), " AS ", Identifier(name)));
  }
  return absl::StrCat("(SELECT ", absl::StrJoin(outputs, ", "), " FROM ", TableName(*pair.actual),
                      ") AS future");
}

std::string AllNotNull(const std::vector<std::string>& columns) {
  return absl::StrJoin(columns, " AND ", [](std::string* out, const std::string& name) {
    absl::StrAppend(out, Identifier(name), " IS NOT NULL");
  });
}

// The text between the first '(' and the ')' that ends the definition.
std::string ConditionOf(const SchemaObject& check) {
  const size_t open = check.definition.find('(');
  return check.definition.substr(open + 1, check.definition.rfind(')') - open - 1);
}

// The pair of the table that a foreign key refers to, and the key's column there.
const TablePair* TargetOf(const Pairing& pairing, const SchemaObject& constraint,
                          std::string& column) {
  constexpr std::string_view kReferences = " REFERENCES ";
  const std::string& text = constraint.definition;
  const size_t begin = text.find(kReferences) + kReferences.size();
  const size_t open = text.find(" (", begin);
  const std::string table = text.substr(begin, open - begin);
  const std::string key = text.substr(open + 2, text.find(')', open) - open - 2);
  for (const TablePair& pair : pairing.tables) {
    if (TableName(*pair.wanted) != table) continue;
    for (const SchemaColumn& candidate : pair.wanted->columns) {
      if (Identifier(candidate.name) == key) column = candidate.name;
    }
    return &pair;
  }
  return nullptr;
}

Fit FitOfReference(const Pairing& pairing, const TablePair& pair, const SchemaObject& constraint) {
  std::string key;
  const TablePair* target = TargetOf(pairing, constraint, key);
  const std::string own = Identifier(constraint.columns.front());
  std::string query = absl::StrCat("SELECT count(*) FROM ", FutureRows(pair, constraint.columns),
                                   " WHERE future.", own, " IS NOT NULL");
  if (target != nullptr && target->actual != nullptr) {
    absl::StrAppend(&query, " AND NOT EXISTS (SELECT FROM (SELECT ", Future(*target->Find(key)),
                    " AS key FROM ", TableName(*target->actual),
                    ") AS target WHERE target.key = ", "future.", own, ")");
  }
  return {absl::StrCat("rows of ", TableName(*pair.actual), " whose ", constraint.columns.front(),
                       " refers to no row"),
          std::move(query)};
}

}  // namespace

Fit FitOfConstraint(const Pairing& pairing, const TablePair& pair, const SchemaObject& constraint) {
  if (IsForeignKey(constraint)) return FitOfReference(pairing, pair, constraint);
  if (IsPrimaryKey(constraint)) return FitOfUnique(pair, constraint.columns);
  return {absl::StrCat("rows of ", TableName(*pair.actual), " that break ", constraint.definition),
          absl::StrCat("SELECT count(*) FROM ", FutureRows(pair, constraint.columns),
                       " WHERE NOT (", ConditionOf(constraint), ")")};
}

Fit FitOfUnique(const TablePair& pair, const std::vector<std::string>& columns) {
  std::vector<std::string> names;
  for (const std::string& name : columns) names.push_back(Identifier(name));
  const std::string list = absl::StrJoin(names, ", ");
  return {absl::StrCat("rows of ", TableName(*pair.actual), " that share their ", list),
          absl::StrCat("SELECT coalesce(sum(n), 0) FROM (SELECT count(*) AS n FROM ",
                       FutureRows(pair, columns), " WHERE ", AllNotNull(columns), " GROUP BY ",
                       list, " HAVING count(*) > 1) AS shared")};
}

Fit FitOfNotNull(const TablePair& pair, const SchemaColumn& column) {
  return {absl::StrCat("rows of ", TableName(*pair.actual), " without ", column.name),
          absl::StrCat("SELECT count(*) FROM ", FutureRows(pair, {column.name}), " WHERE ",
                       Identifier(column.name), " IS NULL")};
}

Fit FitOfType(const TablePair& pair, const ColumnPair& column, const std::string& fits,
              const std::string& misfit) {
  return {
      absl::StrCat("rows of ", TableName(*pair.actual), " whose ", column.actual->name, " ",
                   misfit),
      absl::StrCat("SELECT count(*) FROM ", TableName(*pair.actual), " WHERE NOT (", fits, ")")};
}

}  // namespace dataservice
