#include "absl/strings/str_cat.h"
#include "sql/lock.h"
#include "sql/rows.h"
#include "sql/statement.h"
#include "sql/text.h"

namespace dataservice {

Statement BuildDelete(const Shape& shape) {
  const Resource& resource = *shape.resource;
  Statement statement{.shape = shape};
  BatchRows rows(statement);
  LockedRows locked(resource, "FOR UPDATE");
  rows.Add(resource.key_column());
  const std::string etag_matches = locked.EtagMatches(rows);
  const std::string key = Identifier(resource.key_column().name);
  statement.text =
      absl::StrCat("WITH r AS MATERIALIZED (SELECT * FROM ", rows.From(), "), ", locked.Text(),
                   ", v AS MATERIALIZED (SELECT r.c1, CASE WHEN ", etag_matches,
                   " THEN 'ok' ELSE 'etag' END AS verdict FROM r JOIN l ON l.key = r.c1), ",
                   "d AS (DELETE FROM ", TableName(resource), " AS t USING v WHERE t.", key,
                   " = v.c1 AND v.verdict = 'ok') SELECT v.c1, v.verdict FROM v");
  return statement;
}

}  // namespace dataservice
