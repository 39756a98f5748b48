// Brings a database to a contract.
#pragma once

#include <chrono>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/session.h"
#include "schema/apply/fit_counts.h"
#include "schema/apply/step_runner.h"
#include "schema/model/model.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

// What there is to do in a database, and what speaks against it.
struct DatabasePlan {
  Plan plan;  // with the rights of the roles at its end
  std::vector<Misfit> misfits;
  std::vector<std::string> extra;     // what the database has beside the contract
  std::vector<std::string> problems;  // what somebody else has to change
};

// Changes nothing. Counts rows that do not fit. FAILED_PRECONDITION if the
// database cannot hold the contract at all.
absl::StatusOr<DatabasePlan> PlanForDatabase(SchemaSession& session, const SchemaModel& model,
                                             const SchemaRoles& roles);

// Why a plan cannot be carried out with what is allowed; empty if it can.
std::vector<std::string> Objections(const DatabasePlan& plan, const std::set<std::string>& allowed);

struct ApplySettings {
  // Names of steps that may be done although they lose data or break running servers.
  std::set<std::string> allowed;
  // How long to wait for another applier.
  std::chrono::milliseconds wait{600'000};
  std::chrono::milliseconds poll{1000};
  std::chrono::milliseconds progress{5000};
  StepRunnerSettings steps;
  // Called before each step; an error ends the work there, as a crash would.
  std::function<absl::Status(const Step&)> before_step;
};

// Does what the plan says, step by step, one applier at a time. May be run again
// after any interruption: it goes on where it was. FAILED_PRECONDITION, and nothing
// was changed, if the plan is refused; ABORTED if another one applies or a table
// stays locked. Answers what was done, for people; `tell` gets it as it happens, on
// any thread.
absl::StatusOr<std::string> Apply(const std::string& conninfo, const SchemaModel& model,
                                  const SchemaRoles& roles, const ApplySettings& settings,
                                  const std::function<void(const std::string&)>& tell);

}  // namespace dataservice::schema
