#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "sql/claim.h"
#include "sql/json_merge.h"
#include "sql/lock.h"
#include "sql/rows.h"
#include "sql/statement.h"
#include "sql/text.h"

namespace dataservice {
namespace {

// One assignment for each jsonb column of which only fields change.
void AddSubFields(const Shape& shape, BatchRows& rows, std::vector<std::string>& sets) {
  std::vector<SubFieldValue> values;
  for (size_t i = 0; i < shape.sub_fields.size(); ++i) {
    const SubField& field = shape.sub_fields[i];
    const Column& column = shape.resource->columns[static_cast<size_t>(field.column)];
    values.push_back({&field, rows.Add(column)});
    const bool last =
        i + 1 == shape.sub_fields.size() || shape.sub_fields[i + 1].column != field.column;
    if (!last) continue;
    sets.push_back(
        absl::StrCat(Identifier(column.name), " = ", MergedJson(ColumnName("t", column), values)));
    values.clear();
  }
}

}  // namespace

// The rows are locked first, in key order, by a materialized CTE, and the
// verdict is made from what it returned: any other form gives wrong verdicts
// under races, because the statement's snapshot is older than its locks.
Statement BuildUpdate(const Shape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  BatchRows rows(statement);
  LockedRows locked(resource, "FOR NO KEY UPDATE");
  rows.Add(resource.key_column());
  const std::string etag_matches = locked.EtagMatches(rows);
  std::vector<std::string> sets;
  std::vector<std::string> unchanged;
  for (const int i : shape.columns) {
    const Column& column = resource.columns[static_cast<size_t>(i)];
    const std::string value = rows.Add(column);
    if (column.immutable) {
      unchanged.push_back(absl::StrCat(locked.Column(column), " IS NOT DISTINCT FROM ", value));
    } else {
      sets.push_back(absl::StrCat(Identifier(column.name), " = ", value));
    }
  }
  AddSubFields(shape, rows, sets);
  std::string claims;
  if (shape.claimed) {
    claims = InsertClaims(
        resource.schema, AddClaim(rows), ClaimAnswer(resource, Outputs(resource, "u"), ""),
        absl::StrCat("v AS r JOIN u ON u.", Identifier(resource.key_column().name), " = r.c1"));
  }
  if (!sets.empty() && resource.update_time >= 0) {
    const Column& column = resource.columns[static_cast<size_t>(resource.update_time)];
    sets.push_back(absl::StrCat(Identifier(column.name), " = ", NextUpdateTime(resource, "t")));
  }
  const std::string key = Identifier(resource.key_column().name);
  // Nothing to change: the row is judged and answered all the same.
  if (sets.empty()) sets.push_back(absl::StrCat(key, " = t.", key));
  const std::string same = unchanged.empty() ? "true" : absl::StrJoin(unchanged, " AND ");
  statement.text = absl::StrCat(
      "WITH r AS MATERIALIZED (SELECT * FROM ", rows.From(), "), ", locked.Text(),
      ", v AS MATERIALIZED (SELECT r.*, CASE WHEN NOT ", etag_matches, " THEN 'etag' WHEN NOT (",
      same, ") THEN 'immutable' ELSE 'ok' END AS verdict", " FROM r JOIN l ON l.key = r.c1), ",
      // The row as it is now; `r` names the values in the SET list.
      "u AS (UPDATE ", TableName(resource), " AS t SET ", absl::StrJoin(sets, ", "),
      " FROM v AS r WHERE t.", key, " = r.c1 AND r.verdict = 'ok' RETURNING t.*)", claims,
      " SELECT v.c1, v.verdict, ", OutputList(resource, "u"), " FROM v LEFT JOIN u ON u.", key,
      " = v.c1");
  statement.first_column = 2;
  return statement;
}

}  // namespace dataservice
