// Uses the constraints of the database to find steps that break nothing.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "postgres/session.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

// For each step with a `proof`, asks PostgreSQL's planner whether the existing constraints exclude
// every row of that query. If so, removes the mark and the permission of the step. Reads no row.
absl::Status ResolveProofs(SchemaSession& session, std::vector<Step>& steps);

}  // namespace dataservice::schema
