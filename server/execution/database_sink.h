// Executes batches on a connection.
#pragma once

#include <memory>
#include <span>

#include "database/connection.h"
#include "database/constraint_columns.h"
#include "execution/sink.h"

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

  void Run(Operations operations, int attempt);
  void Answer(Operations operations, const QueryResult& rows);
  void AnswerLists(Operations operations, const QueryResult& rows);
  void AnswerExport(Operation& operation, const QueryResult& rows);
  void AnswerError(Operations operations, SqlError error, int attempt);

  const std::unique_ptr<Connection> connection_;
  ConstraintColumns columns_;
};

}  // namespace dataservice
