#include "serve/sql/null_referrers.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"

namespace dataservice {
namespace {

constexpr char kDeleted[] = "ANY(ARRAY(SELECT v.c1 FROM v WHERE v.verdict = 'ok'))";

// The conditions that a row `t` of the resource refers to one that is deleted.
struct Touched {
  const Resource* resource;
  std::vector<std::string> refers;
};

std::vector<Touched> TouchedBy(const Resource& resource) {
  std::vector<Touched> out;
  for (const Referrer& referrer : resource.referrers) {
    const Column& column = referrer.resource->column(referrer.column);
    const bool set_null = column.reference->on_delete == storage::v1::ON_DELETE_SET_NULL;
    if (!set_null || referrer.resource->update_time < 0) continue;
    // Those of one resource follow each other.
    if (out.empty() || out.back().resource != referrer.resource)
      out.push_back({referrer.resource, {}});
    out.back().refers.push_back(absl::StrCat(ColumnName("t", column), " = ", kDeleted));
  }
  return out;
}

}  // namespace

std::string TouchNullReferrers(const Resource& resource) {
  std::string out;
  const std::vector<Touched> touched = TouchedBy(resource);
  for (size_t i = 0; i < touched.size(); ++i) {
    const Resource& referrer = *touched[i].resource;
    const std::string table = TableName(referrer);
    const std::string key = Identifier(referrer.key_column().name);
    // A statement must not both update and delete a row.
    const std::string stays =
        &referrer == &resource ? absl::StrCat(" AND NOT t.", key, " = ", kDeleted) : "";
    const std::string locked = absl::StrCat("n", i);
    absl::StrAppend(&out, locked, " AS MATERIALIZED (SELECT t.", key, " FROM ", table,
                    " AS t WHERE (", absl::StrJoin(touched[i].refers, " OR "), ")", stays,
                    " ORDER BY t.", key, " FOR NO KEY UPDATE), u", i, " AS (UPDATE ", table,
                    " AS t SET ", Identifier(referrer.column(referrer.update_time).name), " = ",
                    NextUpdateTime(referrer, "t"), " FROM ", locked, " WHERE t.", key, " = ",
                    locked, ".", key, "), ");
  }
  return out;
}

}  // namespace dataservice
