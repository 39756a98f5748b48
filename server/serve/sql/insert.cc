#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "serve/sql/claim.h"
#include "serve/sql/rows.h"
#include "serve/sql/statement.h"

namespace dataservice {
namespace {

// "INSERT ... SELECT ... FROM unnest(...) ON CONFLICT (...) DO ": what create and
// upsert share. The key's parameter comes first, as every operation gives it.
struct Insertion {
  std::string text;
  // Claimed: the relation `r`, from which the text then takes its rows.
  std::string rows;
  ClaimValues claim;
};

std::string PrimaryKeyList(const Resource& resource) {
  std::vector<std::string> names;
  for (const int i : resource.PrimaryKey()) names.push_back(Identifier(resource.column(i).name));
  return absl::StrJoin(names, ", ");
}

// The condition that a written row `w` is that of a row of `r`.
std::string IsWritten(const Resource& resource) {
  const std::string key = absl::StrCat("r.c1 = w.f", resource.key_column().number);
  if (!resource.has_owner()) return key;
  return absl::StrCat(key, " AND r.c2 = w.f", resource.owner_column().number);
}

Insertion InsertRows(const Resource& resource, const std::vector<int>& columns, bool claimed,
                     Statement& statement) {
  std::vector<std::string> names;
  std::vector<std::string> values;
  BatchRows rows(statement);
  const auto add = [&](int i, std::string value) {
    names.push_back(Identifier(resource.column(i).name));
    values.push_back(std::move(value));
  };
  add(resource.key, rows.Add(resource.key_column()));
  if (resource.has_owner()) add(resource.owner, rows.Add(resource.owner_column()));
  for (const int i : columns) {
    const Column& column = resource.column(i);
    if (i != resource.key) add(i, column.nullable ? rows.AddNullable(column) : rows.Add(column));
  }
  // One clock reading for both times.
  const bool timed = resource.create_time >= 0 || resource.update_time >= 0;
  if (resource.create_time >= 0) add(resource.create_time, "c.now");
  if (resource.update_time >= 0) add(resource.update_time, "c.now");
  Insertion insertion;
  if (claimed) {
    insertion.claim = AddClaim(rows);
    insertion.rows = absl::StrCat("r AS MATERIALIZED (SELECT * FROM ", rows.From(),
                                  WhereUnclaimed(resource.schema, insertion.claim), ")");
  }
  insertion.text =
      absl::StrCat("INSERT INTO ", TableName(resource), " AS t (", absl::StrJoin(names, ", "),
                   ") SELECT ", absl::StrJoin(values, ", "), " FROM ", claimed ? "r" : rows.From(),
                   timed ? " CROSS JOIN (SELECT clock_timestamp() AS now) AS c" : "",
                   " ON CONFLICT (", PrimaryKeyList(resource), ") DO ");
  return insertion;
}

// The statement around an insertion of which `action` is what follows DO.
// `before` are the result's columns before the resource's.
std::string Returning(const Resource& resource, bool claimed, const Insertion& insertion,
                      const std::string& action, const std::vector<std::string>& before) {
  const std::vector<std::string> outputs = Outputs(resource, "t");
  std::vector<std::string> list = before;
  if (!claimed) {
    list.insert(list.end(), outputs.begin(), outputs.end());
    return absl::StrCat(insertion.text, action, " RETURNING ", absl::StrJoin(list, ", "));
  }
  // b1, b2, ... and f and the field's number: names that are ours.
  for (size_t i = 0; i < before.size(); ++i) absl::StrAppend(&list[i], " AS b", i + 1);
  std::vector<std::string> written;
  for (size_t i = 0; i < outputs.size(); ++i) {
    const std::string name = absl::StrCat("f", resource.columns[i].number);
    list.push_back(absl::StrCat(outputs[i], " AS ", name));
    written.push_back(absl::StrCat("w.", name));
  }
  const std::string created = before.empty() ? "true" : absl::StrCat("w.b", before.size());
  return absl::StrCat(
      "WITH ", insertion.rows, ", w AS (", insertion.text, action, " RETURNING ",
      absl::StrJoin(list, ", "), ")",
      InsertClaims(resource.schema, insertion.claim, ClaimAnswer(resource, written, created),
                   absl::StrCat("w JOIN r ON ", IsWritten(resource))),
      " SELECT * FROM w");
}

}  // namespace

Statement BuildCreate(const CreateShape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  const Insertion insertion = InsertRows(resource, shape.columns, shape.claimed, statement);
  statement.text = Returning(resource, shape.claimed, insertion, "NOTHING", {});
  statement.key_column = resource.key;
  statement.owner_column = resource.owner;
  statement.first_column = 0;
  return statement;
}

Statement BuildUpsert(const UpsertShape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  const Insertion insertion = InsertRows(resource, shape.columns, shape.claimed, statement);
  std::vector<std::string> sets;
  std::vector<std::string> unchanged;
  // Of private rows, the owner is part of what conflicts.
  if (resource.public_read) {
    const std::string owner = Identifier(resource.owner_column().name);
    unchanged.push_back(absl::StrCat("t.", owner, " = excluded.", owner));
  }
  for (const int i : shape.changes) {
    const Column& column = resource.column(i);
    const std::string name = Identifier(column.name);
    if (column.immutable) {
      unchanged.push_back(absl::StrCat("t.", name, " IS NOT DISTINCT FROM excluded.", name));
    } else {
      sets.push_back(absl::StrCat(name, " = excluded.", name));
    }
  }
  if (!sets.empty() && resource.update_time >= 0) {
    const Column& column = resource.column(resource.update_time);
    sets.push_back(absl::StrCat(Identifier(column.name), " = ", NextUpdateTime(resource, "t")));
  }
  if (sets.empty()) {  // DO UPDATE needs one, and only it answers an existing row
    const std::string name = Identifier(resource.key_column().name);
    sets.push_back(absl::StrCat(name, " = excluded.", name));
  }
  const std::string action =
      absl::StrCat("UPDATE SET ", absl::StrJoin(sets, ", "), unchanged.empty() ? "" : " WHERE ",
                   absl::StrJoin(unchanged, " AND "));
  // A row that was updated carries the lock of its updater in xmax.
  std::vector<std::string> before = {ColumnName("t", resource.key_column())};
  if (resource.has_owner()) {
    statement.owner_column = 1;
    before.push_back(ColumnName("t", resource.owner_column()));
  }
  statement.inserted_column = static_cast<int>(before.size());
  before.emplace_back("(t.xmax = 0)");
  statement.first_column = static_cast<int>(before.size());
  statement.text = Returning(resource, shape.claimed, insertion, action, before);
  return statement;
}

}  // namespace dataservice
