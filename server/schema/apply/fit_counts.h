// How many rows a plan would fail on.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/session.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

struct Misfit {
  std::string step;
  std::string what;  // as Fit
  long long rows = 0;
  std::vector<std::string> keys;  // of the first ten
  std::string query;              // finds all of them; empty if the table has no key
};

// Those of the steps that have any. Reads the tables.
absl::StatusOr<std::vector<Misfit>> CountMisfits(SchemaSession& session,
                                                 const std::vector<Step>& steps);

// "3 rows of shop.article whose ...: 4, 8, 9; SELECT ...".
std::string MisfitText(const Misfit& misfit);

}  // namespace dataservice::schema
