#include "schema/apply/row_violations.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"

namespace dataservice::schema {
namespace {

constexpr int kNamedKeys = 10;

}  // namespace

absl::StatusOr<std::vector<RowViolation>> FindRowViolations(SchemaSession& session,
                                                            const std::vector<Step>& steps) {
  std::vector<RowViolation> out;
  for (const Step& step : steps) {
    for (const ViolationQuery& query : step.violation_queries) {
      const auto counted = session.QueryNumber(query.query);
      if (!counted.ok()) return counted.status();
      if (*counted == 0) continue;
      RowViolation violation{
          .step = step.name, .what = query.what, .rows = *counted, .query = query.keys};
      if (!query.keys.empty()) {
        const auto found = session.Query(absl::StrCat(query.keys, " LIMIT ", kNamedKeys));
        if (!found.ok()) return found.status();
        for (const auto& row : *found) {
          violation.keys.push_back(row.front().is_null() ? "NULL" : Literal(row.front().c_str()));
        }
      }
      out.push_back(std::move(violation));
    }
  }
  return out;
}

std::string RowViolationText(const RowViolation& violation) {
  std::string what = violation.what;
  if (violation.rows == 1 && absl::StartsWith(what, "rows ")) what = "row " + what.substr(5);
  std::string out = absl::StrCat(violation.step, ": ", violation.rows, " ", what);
  if (violation.query.empty()) return out;
  absl::StrAppend(&out, "; ", violation.rows > kNamedKeys ? "the first: " : "their keys: ",
                  absl::StrJoin(violation.keys, ", "), "; to find them: ", violation.query);
  return out;
}

}  // namespace dataservice::schema
