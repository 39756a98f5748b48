// What the database's own rules say of a plan.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "postgres/session.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

// Asks PostgreSQL's planner of each step that has a proof whether the constraints that are
// there leave no row for it; takes the mark and the permission of those off. Reads no row.
absl::Status ResolveProofs(SchemaSession& session, std::vector<Step>& steps);

}  // namespace dataservice::schema
