// Plans and applies the changes of a database.
#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/session.h"
#include "schema/apply/row_violations.h"
#include "schema/apply/step_runner.h"
#include "schema/model/model.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

// The plan for a database, with what prevents it.
struct DatabasePlan {
  Plan plan;  // ends with the steps for the rights of the roles
  std::vector<RowViolation> violations;
  std::vector<std::string> extra;     // what the database has besides the contract
  std::vector<std::string> problems;  // what the tool's role cannot change
};

// Makes the plan and counts the rows that it would fail on. Changes nothing. FAILED_PRECONDITION
// if the database's encoding is not UTF8.
absl::StatusOr<DatabasePlan> PlanForDatabase(SchemaSession& session, const SchemaModel& model,
                                             const SchemaRoles& roles);

// The reasons why a plan cannot be applied with these permissions; empty if it can.
std::vector<std::string> Objections(const DatabasePlan& plan, const std::set<std::string>& allowed);

struct ApplySettings {
  // Names of steps that are done although they lose data or break running servers.
  std::set<std::string> allowed;
  // How long to wait for another run.
  std::chrono::milliseconds wait{600'000};
  std::chrono::milliseconds poll{1000};
  std::chrono::milliseconds progress{5000};
  StepRunnerSettings steps;
  // Called before each step. An error ends the run at that point, like a crash.
  std::function<absl::Status(const Step&)> before_step;
};

// Applies the plan step by step. Only one run is active at a time. After an interruption, the
// next run continues. FAILED_PRECONDITION, and nothing was changed, if the plan is refused;
// ABORTED if another run is active or a table stays locked. Returns a summary for people; `tell`
// is called with each message as it occurs, on any thread.
absl::StatusOr<std::string> Apply(const std::string& conninfo, const SchemaModel& model,
                                  const SchemaRoles& roles, const ApplySettings& settings,
                                  const std::function<void(const std::string&)>& tell);

}  // namespace dataservice::schema
