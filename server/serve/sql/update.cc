#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"
#include "serve/sql/claim.h"
#include "serve/sql/json_merge.h"
#include "serve/sql/lock.h"
#include "serve/sql/rows.h"
#include "serve/sql/statement.h"

namespace dataservice {
namespace {

// The jsonb columns of which only parts change.
struct Merges {
  // Their new values, which the locked rows are joined with: those have the columns as
  // they are now.
  std::string values;
  // Of the verdict: a part is inside of what is not there, and cannot be made.
  std::string absent;
};

// Adds an assignment for each.
Merges AddMerges(const UpdateShape& shape, BatchRows& rows, LockedRows& locked,
                 std::vector<std::string>& sets) {
  std::vector<std::string> values;
  std::vector<std::string> absent;
  for (const int i : shape.merges) {
    const Column& column = shape.resource->column(i);
    const std::string name = absl::StrCat("m", column.number);
    values.push_back(
        absl::StrCat(MergedJson(locked.Column(column), rows.Add(column)), " AS ", name));
    absent.push_back(absl::StrCat("x.", name, " IS NULL"));
    sets.push_back(absl::StrCat(Identifier(column.name), " = r.", name));
  }
  if (values.empty()) return {};
  return {absl::StrCat(" CROSS JOIN LATERAL (SELECT ", absl::StrJoin(values, ", "), ") AS x"),
          absl::StrCat(" WHEN ", absl::StrJoin(absent, " OR "), " THEN 'absent'")};
}

}  // namespace

// The rows are locked first, in key order, by a materialized CTE, and the
// verdict is made from what it returned: any other form gives wrong verdicts
// under races, because the statement's snapshot is older than its locks.
Statement BuildUpdate(const UpdateShape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  BatchRows rows(statement);
  LockedRows locked(resource, "FOR NO KEY UPDATE");
  rows.AddKey(resource);
  const std::string etag_matches = locked.EtagMatches(rows);
  std::vector<std::string> sets;
  std::vector<std::string> unchanged;
  std::string changed;  // the numbers of the IMMUTABLE fields that differ
  for (const int i : shape.columns) {
    const Column& column = resource.column(i);
    const std::string value = column.nullable ? rows.AddNullable(column) : rows.Add(column);
    if (column.immutable) {
      const std::string stored = locked.Column(column);
      unchanged.push_back(absl::StrCat(stored, " IS NOT DISTINCT FROM ", value));
      absl::StrAppend(&changed, ", CASE WHEN ", stored, " IS DISTINCT FROM ", value, " THEN ' ",
                      column.number, "' END");
    } else {
      sets.push_back(absl::StrCat(Identifier(column.name), " = ", value));
    }
  }
  const Merges merges = AddMerges(shape, rows, locked, sets);
  std::string claims;
  std::string unclaimed;
  if (shape.claimed) {
    const ClaimValues values = AddClaim(rows);
    unclaimed = WhereUnclaimed(resource.schema, values);
    claims =
        InsertClaims(resource.schema, values, ClaimAnswer(resource, Outputs(resource, "u"), ""),
                     absl::StrCat("v AS r JOIN u ON ", IsRow(resource, "u", "r")));
  }
  if (!sets.empty() && resource.update_time >= 0) {
    const Column& column = resource.column(resource.update_time);
    sets.push_back(absl::StrCat(Identifier(column.name), " = ", NextUpdateTime(resource, "t")));
  }
  // Nothing to change: the row is judged and answered all the same.
  const std::string key = Identifier(resource.key_column().name);
  if (sets.empty()) sets.push_back(absl::StrCat(key, " = t.", key));
  const std::string same = unchanged.empty() ? "true" : absl::StrJoin(unchanged, " AND ");
  statement.text = absl::StrCat(
      "WITH r AS MATERIALIZED (SELECT * FROM ", rows.From(), unclaimed, "), ", locked.Text(),
      ", v AS MATERIALIZED (SELECT r.*", merges.values.empty() ? "" : ", x.*", ", CASE WHEN NOT ",
      etag_matches, " THEN 'etag' WHEN NOT (", same, ") THEN ",
      changed.empty() ? "'immutable'" : absl::StrCat("concat('immutable'", changed, ")"),
      merges.absent, " ELSE 'ok' END AS verdict", " FROM r JOIN l ON ", locked.IsOfBatch(),
      merges.values, "), ",
      // The row as it is now; `r` names the values in the SET list.
      "u AS (UPDATE ", TableName(resource), " AS t SET ", absl::StrJoin(sets, ", "),
      " FROM v AS r WHERE ", IsRow(resource, "t", "r"), " AND r.verdict = 'ok' RETURNING t.*)",
      claims, " SELECT v.c1, v.verdict", AndOwner(resource, "v"), ", ", OutputList(resource, "u"),
      " FROM v LEFT JOIN u ON ", IsRow(resource, "u", "v"));
  statement.verdict_column = 1;
  statement.first_column = 2;
  if (resource.has_owner()) statement.owner_column = statement.first_column++;
  return statement;
}

}  // namespace dataservice
