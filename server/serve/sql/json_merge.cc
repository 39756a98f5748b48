#include "serve/sql/json_merge.h"

#include "absl/strings/str_cat.h"
#include "postgres/text.h"

namespace dataservice {
namespace {

// `value` if it is an object, otherwise an empty one.
std::string AsObject(std::string_view value) {
  return absl::StrCat("CASE jsonb_typeof(", View(value), ") WHEN 'object' THEN ", View(value),
                      " ELSE '{}'::jsonb END");
}

std::string TextArray(std::string_view value) {
  return absl::StrCat("ARRAY(SELECT jsonb_array_elements_text(", View(value), "))");
}

}  // namespace

// One step of the recursion a PATH, so that the text is the same for every change: names
// are values of the request, and those of maps are not even known to the contract.
std::string MergedJson(std::string_view stored, std::string_view change) {
  const std::string steps = absl::StrCat(View(change), " -> 'at'");
  const std::string step = absl::StrCat(View(change), " -> 'at' -> m.i");
  return absl::StrCat(
      "(WITH RECURSIVE m(i, value) AS (SELECT 0, ", View(stored),
      " UNION ALL SELECT m.i + 1, CASE WHEN s.required"
      " AND jsonb_typeof(m.value #> s.path) IS DISTINCT FROM 'object' THEN NULL"
      " WHEN cardinality(s.path) = 0 THEN o.value"
      " ELSE jsonb_set(m.value, s.path, o.value) END FROM m, LATERAL (SELECT ",
      TextArray(absl::StrCat(View(step), " -> 0")), " AS path, ",
      TextArray(absl::StrCat(View(step), " -> 1")), " AS names, ", View(step),
      " -> 2 IS NOT NULL AS required) AS s, LATERAL (SELECT ", AsObject("(m.value #> s.path)"),
      " - s.names || coalesce((SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(",
      AsObject(absl::StrCat("(", View(change), " -> 'to' #> s.path)")),
      ") AS e WHERE e.key = ANY (s.names)), '{}'::jsonb) AS value) AS o"
      " WHERE m.i < jsonb_array_length(",
      View(steps), ")) SELECT m.value FROM m ORDER BY m.i DESC LIMIT 1)");
}

}  // namespace dataservice
