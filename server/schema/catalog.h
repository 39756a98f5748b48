// The database's catalog -> a model.
#pragma once

#include "absl/status/statusor.h"
#include "schema/model.h"
#include "schema/session.h"

namespace dataservice {

// The tables of `wanted` as they are in the database; those that do not exist
// are left out. An object's definition is what its comment keeps, or
// PostgreSQL's own rendering if it has no comment of ours.
absl::StatusOr<SchemaModel> ModelOfCatalog(SchemaSession& session, const SchemaModel& wanted);

// The rights of `roles` that are missing, for people. NOT_FOUND names a role
// that does not exist.
absl::StatusOr<std::vector<std::string>> MissingRights(SchemaSession& session,
                                                       const SchemaModel& model,
                                                       const SchemaRoles& roles);

}  // namespace dataservice
