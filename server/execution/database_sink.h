// Executes batches on a connection.
#pragma once

#include <memory>
#include <span>

#include "database/connection.h"
#include "execution/sink.h"

namespace dataservice {

// One statement a batch. A batch that a row spoils is halved until the bad rows
// are alone, so that each operation gets its own answer.
class DatabaseSink : public Sink {
 public:
  explicit DatabaseSink(std::unique_ptr<Connection> connection);

  void Execute(Batch batch) override;

 private:
  using Operations = std::span<const std::unique_ptr<Operation>>;

  void Run(Operations operations, int attempt);
  void Answer(Operations operations, const pqxx::result& rows);
  void AnswerList(Operation& operation, const pqxx::result& rows);
  void AnswerExport(Operation& operation, const pqxx::result& rows);
  void AnswerError(Operations operations, const SqlError& error, int attempt);

  const std::unique_ptr<Connection> connection_;
};

}  // namespace dataservice
