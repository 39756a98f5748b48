#include "schema/fit_counts.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dataservice {

absl::StatusOr<std::vector<Misfit>> CountMisfits(SchemaSession& session,
                                                 const std::vector<Step>& steps) {
  std::vector<Misfit> out;
  for (const Step& step : steps) {
    for (const Fit& fit : step.fits) {
      const auto counted = session.Query(fit.query);
      if (!counted.ok()) return counted.status();
      const auto rows = (*counted)[0][0].as<long long>();
      if (rows > 0) out.push_back({step.name, fit.what, rows});
    }
  }
  return out;
}

std::string MisfitText(const Misfit& misfit) {
  std::string what = misfit.what;
  if (misfit.rows == 1 && absl::StartsWith(what, "rows ")) what = "row " + what.substr(5);
  return absl::StrCat(misfit.step, ": ", misfit.rows, " ", what);
}

}  // namespace dataservice
