// The database's catalogue -> a model.
#pragma once

#include "absl/status/statusor.h"
#include "postgres/session.h"
#include "schema/model/model.h"

namespace dataservice::schema {

// The tables of the database that are the contract's, by their comments or by
// their names. One statement reads each kind of thing, so that a change under way
// is seen whole or not at all by the next call.
absl::StatusOr<SchemaModel> ModelOfCatalog(SchemaSession& session, const SchemaModel& wanted);

}  // namespace dataservice::schema
