// Executes batches on a connection.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/connection.h"
#include "postgres/constraint_columns.h"
#include "serve/execution/sink.h"

namespace dataservice {

// One statement a batch, or one transaction for the writes of a batch method. A
// batch that a row spoils is halved until the bad rows are alone, so that each
// operation gets its own answer. A claimed write that fails is answered by what
// its request_id was claimed with, if it was: it ran before, and the database
// tells so in any of its errors and verdicts.
class DatabaseSink : public Sink {
 public:
  explicit DatabaseSink(std::unique_ptr<Connection> connection);

  void Execute(Batch batch) override;

 private:
  using Operations = std::span<Operation* const>;

  using Outcomes = std::vector<absl::StatusOr<Outcome>>;

  void Run(Operations operations, int attempt);
  // Runs a statement that answers values which it did not write (Statement::answers_old_json):
  // what it did is undone where one of them cannot be read.
  void RunUndoable(Operations operations, int attempt);
  void Answer(Operations operations, Outcomes outcomes);
  void AnswerLists(Operations operations, const QueryResult& rows);
  void AnswerExport(Operation& operation, const QueryResult& rows);
  void AnswerError(Operations operations, SqlError error, int attempt);

  const std::unique_ptr<Connection> connection_;
  ConstraintColumns columns_;
};

}  // namespace dataservice
