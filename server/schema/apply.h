// Makes the schema of a contract in a database.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "schema/model.h"
#include "schema/session.h"

namespace dataservice {

// On a database without the contract's tables: makes them, in one transaction.
// On one that agrees: grants what rights are missing, and changes nothing else.
// On any other: FAILED_PRECONDITION with the differences, and nothing was
// changed. ABORTED while another one applies. Answers what was done, for people.
absl::StatusOr<std::string> Apply(SchemaSession& session, const SchemaModel& model,
                                  const SchemaRoles& roles);

}  // namespace dataservice
