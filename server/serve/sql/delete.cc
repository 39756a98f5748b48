#include "absl/strings/str_cat.h"
#include "postgres/text.h"
#include "serve/sql/claim.h"
#include "serve/sql/lock.h"
#include "serve/sql/null_referrers.h"
#include "serve/sql/rows.h"
#include "serve/sql/statement.h"

namespace dataservice {

Statement BuildDelete(const DeleteShape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  BatchRows rows(statement);
  LockedRows locked(resource, "FOR UPDATE");
  rows.AddKey(resource);
  const std::string etag_matches = locked.EtagMatches(rows);
  std::string claims;
  std::string unclaimed;
  if (shape.claimed) {
    const ClaimValues values = AddClaim(rows);
    unclaimed = WhereUnclaimed(resource.schema, values);
    claims = InsertClaims(resource.schema, values, "'{}'::jsonb", "v AS r WHERE r.verdict = 'ok'");
  }
  statement.text = absl::StrCat(
      "WITH r AS MATERIALIZED (SELECT * FROM ", rows.From(), unclaimed, "), ", locked.Text(),
      ", v AS MATERIALIZED (SELECT ", shape.claimed ? "r.*" : "r.c1" + AndOwner(resource, "r"),
      ", CASE WHEN ", shape.allow_missing ? "l.key IS NULL OR " : "", etag_matches,
      " THEN 'ok' ELSE 'etag' END AS verdict FROM r ", shape.allow_missing ? "LEFT " : "",
      "JOIN l ON ", locked.IsOfBatch(), "), ", TouchNullReferrers(resource), "d AS (DELETE FROM ",
      TableName(resource), " AS t USING v WHERE ", IsRow(resource, "t", "v"),
      " AND v.verdict = 'ok')", claims, " SELECT v.c1, v.verdict", AndOwner(resource, "v"),
      " FROM v");
  statement.verdict_column = 1;
  if (resource.has_owner()) statement.owner_column = 2;
  return statement;
}

}  // namespace dataservice
