#include "schema/apply/fit_counts.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "postgres/text.h"

namespace dataservice::schema {
namespace {

constexpr int kNamedKeys = 10;

}  // namespace

absl::StatusOr<std::vector<Misfit>> CountMisfits(SchemaSession& session,
                                                 const std::vector<Step>& steps) {
  std::vector<Misfit> out;
  for (const Step& step : steps) {
    for (const Fit& fit : step.fits) {
      const auto counted = session.Query(fit.query);
      if (!counted.ok()) return counted.status();
      const auto rows = (*counted)[0][0].as<long long>();
      if (rows == 0) continue;
      Misfit misfit{.step = step.name, .what = fit.what, .rows = rows, .query = fit.keys};
      if (!fit.keys.empty()) {
        const auto found = session.Query(absl::StrCat(fit.keys, " LIMIT ", kNamedKeys));
        if (!found.ok()) return found.status();
        for (const auto& row : *found) {
          misfit.keys.push_back(row[0].is_null() ? "NULL" : Literal(row[0].c_str()));
        }
      }
      out.push_back(std::move(misfit));
    }
  }
  return out;
}

std::string MisfitText(const Misfit& misfit) {
  std::string what = misfit.what;
  if (misfit.rows == 1 && absl::StartsWith(what, "rows ")) what = "row " + what.substr(5);
  std::string out = absl::StrCat(misfit.step, ": ", misfit.rows, " ", what);
  if (misfit.query.empty()) return out;
  absl::StrAppend(&out, "; ", misfit.rows > kNamedKeys ? "the first: " : "their keys: ",
                  absl::StrJoin(misfit.keys, ", "), "; to find them: ", misfit.query);
  return out;
}

}  // namespace dataservice::schema
