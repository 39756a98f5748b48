// What the roles may do: exactly what the contract's programs need.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/session.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

struct Rights {
  // GRANT and REVOKE, for the database as it is once the plan is done.
  std::vector<Step> steps;
  // What the steps change, one line a right: "role app lacks INSERT on shop.article".
  std::vector<std::string> differences;
  // What somebody else has to change, because it is not the tool's role's to give:
  // "role app may create temporary tables: ...".
  std::vector<std::string> problems;
};

// NOT_FOUND names a role that does not exist; INVALID_ARGUMENT: both are one. Needs no
// superuser. Looks at what the roles have themselves and what PUBLIC has, not at what
// groups give them.
absl::StatusOr<Rights> CompareRights(SchemaSession& session, const SchemaModel& wanted,
                                     const SchemaModel& actual, const SchemaRoles& roles);

}  // namespace dataservice::schema
