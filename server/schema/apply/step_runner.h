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
  // How long a statement waits for a lock. Later statements of other sessions wait behind it, so
  // this also limits their wait.
  std::chrono::milliseconds lock_timeout{2000};
  // How long a step is retried.
  std::chrono::milliseconds retry_for{300'000};
  // The first pause between two tries; it is doubled up to `max_pause`.
  std::chrono::milliseconds pause{100};
  std::chrono::milliseconds max_pause{5000};
};

// Not thread-safe.
class StepRunner {
 public:
  // `digest` identifies the contract in the history. `holds_lock` is called before every try and
  // returns an error if another run may be active. `tell` is called with each message. The session
  // must outlive the runner.
  StepRunner(SchemaSession& session, StepRunnerSettings settings, std::string digest,
             std::function<absl::Status()> holds_lock,
             std::function<void(const std::string&)> tell);

  // Does the step and writes its row of the history in one transaction; an index is created
  // CONCURRENTLY before that. After a lock timeout or a deadlock, tries again with pauses, and
  // finally returns ABORTED with the holders of the locks. Any other error is PostgreSQL's own; an
  // unfinished index is dropped.
  absl::Status Run(const Step& step);

 private:
  // `made`: the index exists, and only the later statements remain.
  absl::Status Try(const Step& step, bool& made);
  // Drops the unfinished index that a failed CREATE INDEX CONCURRENTLY left, but no other object
  // with its name.
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
