// The writes of a batch method: one transaction, all or nothing.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "postgres/connection.h"
#include "postgres/constraint_columns.h"
#include "postgres/transaction.h"
#include "serve/execution/operation.h"

namespace dataservice {

// Executes BatchWriteWork. Writes of one shape share a statement. The first write that has no
// row, the wrong version or another bad verdict rolls everything back; its error is the
// result and names it. A transaction that a deadlock rolled back runs again until the
// deadline; one that may have been committed does so only if it claims a request_id. A
// claimed batch that fails may have run before: if its request_id is claimed, it gets the
// response of that run; if a commit was lost and no claim is found, its outcome is unknown. Belongs
// to one thread.
class BatchTransaction {
 public:
  // `operation` has BatchWriteWork with at least one write. `columns` is of the same
  // connection.
  BatchTransaction(Connection& connection, ConstraintColumns& columns, Operation& operation);

  // Answers the operation before it returns.
  void Execute();

 private:
  // Writes of one statement, by position, ascending by key: rows that do not exist cannot be
  // locked first, so all transactions write them in one order.
  using Chunk = std::vector<size_t>;
  // The response, the verdict on the batch, or the error of a statement.
  using Attempt = std::variant<ResponseOutcome, absl::Status, SqlError>;

  void MakeChunks();
  bool LocksFirst() const;
  bool IsAbandoned() const;
  // Runs the transaction once. After an SqlError, failed_chunk_ is the chunk whose statement
  // failed, or kNoChunk for the lock and the commit.
  Attempt Try();
  Connection::Result Lock(Transaction& transaction) const;
  Connection::Result Run(Transaction& transaction, size_t chunk, size_t writes) const;
  // Adds the rows of a chunk's writes to `messages`; the error of the first bad one.
  absl::Status ReadRows(size_t chunk, const QueryResult& rows,
                        std::vector<std::string>& messages) const;
  std::string ResponseOf(const std::vector<std::string>& messages) const;
  // The result of the operation after its last attempt. `in_doubt`: Runs::in_doubt.
  absl::StatusOr<Outcome> ResultOf(Attempt attempt, bool in_doubt) const;
  absl::Status StatusOf(SqlError error, bool in_doubt) const;
  // The write without which the statement of failed_chunk_ does not fail, if it can be found;
  // sets `error` to its error.
  std::optional<size_t> FindCulprit(SqlError& error) const;
  // Whether the write alone fails, too, with an error of that kind.
  bool FailsAlone(size_t write, SqlErrorKind kind) const;
  // Runs all before `chunk` and its first `writes`, and rolls back.
  std::optional<SqlError> Probe(size_t chunk, size_t writes) const;

  Connection& connection_;
  ConstraintColumns& columns_;
  Operation& operation_;
  const BatchWriteWork& work_;
  std::vector<Chunk> chunks_;
  size_t failed_chunk_;
};

}  // namespace dataservice
