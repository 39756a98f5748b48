// Runs steps of a plan.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "postgres/session.h"
#include "schema/plan/plan.h"

namespace dataservice::schema {

struct StepRunnerSettings {
  // How long a statement waits for a lock: everybody who comes after it waits
  // behind it, so this is the longest that an application notices.
  std::chrono::milliseconds lock_timeout{2000};
  // How long a step is tried again before it is given up.
  std::chrono::milliseconds retry_for{300'000};
  // Between two tries, at first; doubled up to `max_pause`.
  std::chrono::milliseconds pause{100};
  std::chrono::milliseconds max_pause{5000};
};

// Not thread-safe.
class StepRunner {
 public:
  // `digest` is the contract's, for the history. `tell` gets what happens, line by
  // line. The session must outlive it.
  // `holds_lock` says whether nobody else applies; asked before every try.
  StepRunner(SchemaSession& session, StepRunnerSettings settings, std::string digest,
             std::function<absl::Status()> holds_lock,
             std::function<void(const std::string&)> tell);

  // The step and its line of the history, together or not at all; an index that is
  // made CONCURRENTLY comes before its line. A lock that is not to be had, a
  // deadlock: tried again, with pauses, and then ABORTED with who holds the table.
  // Any other error is the database's own, and what it left half-done is cleared up.
  absl::Status Run(const Step& step);

 private:
  // `made`: the index is there, and only what follows it is left to do.
  absl::Status Try(const Step& step, bool& made);
  // Drops what a CREATE INDEX CONCURRENTLY that failed has left: nothing else that may
  // have its name.
  absl::Status ClearUp(const Step& step);
  absl::Status CheckGuard(const Step& step);
  absl::Status Transaction(const Step& step, size_t first);
  absl::Status Statements(const Step& step, size_t first);
  absl::Status AddHistory(const Step& step);

  SchemaSession& session_;
  const StepRunnerSettings settings_;
  const std::string digest_;
  const std::function<absl::Status()> holds_lock_;
  const std::function<void(const std::string&)> tell_;
};

}  // namespace dataservice::schema
