// The rights of the roles: exactly those that the contract's programs need.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/session.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

struct Rights {
  // GRANT and REVOKE, for the database after the plan was applied.
  std::vector<Step> steps;
  // What the steps change, one line for each right: "role app lacks INSERT on shop.article".
  std::vector<std::string> differences;
  // What the tool's role cannot change: "role app may create temporary tables: ...".
  std::vector<std::string> problems;
};

// Compares the rights that the roles themselves and PUBLIC have, without those of groups. Needs no
// superuser. NOT_FOUND if a role does not exist; INVALID_ARGUMENT if both roles are the same.
absl::StatusOr<Rights> CompareRights(SchemaSession& session, const SchemaModel& wanted,
                                     const SchemaModel& actual, const SchemaRoles& roles);

}  // namespace dataservice::schema
