// Executes batches on a connection.
#pragma once

#include <memory>
#include <span>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/connection.h"
#include "postgres/constraint_columns.h"
#include "serve/execution/observer.h"
#include "serve/execution/retry.h"
#include "serve/execution/sink.h"

namespace dataservice {

// One statement for a batch of operations, or one transaction for the writes of a batch
// method. A batch that fails because of one row is halved until the bad rows are alone, so
// that each operation gets its own result. A claimed write that fails may have run before:
// if its request_id is claimed, the operation gets the result of that run.
class DatabaseSink : public Sink {
 public:
  // `observer` outlives it; null: nobody observes. A statement runs at most `runs` times.
  explicit DatabaseSink(std::unique_ptr<Connection> connection,
                        ExecutionObserver* observer = nullptr, int runs = kMaxRuns);

  void Execute(Batch batch) override;
  bool timed_out() const override { return connection_->timeouts() != timeouts_before_; }
  // Until the connection has no statement that was left (Connection::Settle).
  bool Settle(std::chrono::milliseconds limit) override { return connection_->Settle(limit); }

 private:
  using Operations = std::span<Operation* const>;

  using Outcomes = std::vector<absl::StatusOr<Outcome>>;

  void Dispatch(const Batch& batch);
  // Runs the statement, with the runs that are left, and answers the operations.
  void Run(Operations operations, Runs runs);
  // The same for a statement that returns values which it did not write
  // (Statement::answers_old_json): in a transaction, which is rolled back if one of them
  // cannot be read.
  void RunUndoable(Operations operations, Runs runs);
  // One such transaction. If one of the outcomes is a row that cannot be read, it was rolled
  // back.
  std::variant<Outcomes, SqlError> TryUndoable(Operations operations);
  void Answer(Operations operations, Outcomes outcomes);
  void AnswerPages(Operations operations, const QueryResult& rows);
  void AnswerExport(Operation& operation, const QueryResult& rows);
  // The statement failed, and does not run again as it is.
  void AnswerError(Operations operations, SqlError error, Runs runs);

  const std::unique_ptr<Connection> connection_;
  ExecutionObserver* const observer_;
  const int runs_;
  bool is_observed_ = false;  // the batch that is executed
  ConstraintColumns columns_;
  uint64_t timeouts_before_ = 0;  // the last batch
};

}  // namespace dataservice
