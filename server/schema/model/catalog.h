// Reads a model from the catalog of a database.
#pragma once

#include "absl/status/statusor.h"
#include "postgres/session.h"
#include "schema/model/model.h"

namespace dataservice::schema {

// The tables of the database that belong to the contract, by their comments or by their names.
// Each kind of object is read by one statement.
absl::StatusOr<SchemaModel> ModelOfCatalog(SchemaSession& session, const SchemaModel& wanted);

}  // namespace dataservice::schema
