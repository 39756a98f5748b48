// The rows that a plan would fail on.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/session.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

struct RowViolation {
  std::string step;
  std::string what;  // of the ViolationQuery
  long long rows = 0;
  std::vector<std::string> keys;  // of the first ten
  std::string query;              // finds all of them; empty if the table has no key
};

// The violations of all steps; a query that finds no row has none. Reads the tables.
absl::StatusOr<std::vector<RowViolation>> FindRowViolations(SchemaSession& session,
                                                            const std::vector<Step>& steps);

// "3 rows of shop.article whose ...: 4, 8, 9; SELECT ...".
std::string RowViolationText(const RowViolation& violation);

}  // namespace dataservice::schema
