// The writes of a batch method: one transaction, all or nothing.
#pragma once

#include <optional>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "postgres/connection.h"
#include "postgres/constraint_columns.h"
#include "postgres/transaction.h"
#include "serve/execution/operation.h"

namespace dataservice {

// Executes an operation whose parts write. Parts of one shape share a statement;
// the first part that has no row, the wrong version or another bad verdict undoes
// everything and is the answer, which names it. What was rolled back by a deadlock
// runs again until the deadline; what may have been committed never does, unless
// its request_id is claimed with it. A claimed operation that fails is answered by
// what its request_id was claimed with, if it was. Belongs to one thread.
class BatchWrite {
 public:
  // `operation` has ShapeKind::kLock and at least one part. `columns` is of the same
  // connection.
  BatchWrite(Connection& connection, ConstraintColumns& columns, Operation& operation);

  // Answers the operation before it returns.
  void Execute();

 private:
  // Parts of one statement, by position, ascending by key: rows that do not exist
  // cannot be locked first, so they are written in one order by all.
  using Chunk = std::vector<size_t>;
  // The database refused a statement: that of chunks_[chunk], or, with no such
  // number, the lock or the commit.
  struct Failure {
    SqlError error;
    size_t chunk;
  };
  using Attempt = std::variant<Outcome, absl::Status, Failure>;

  void MakeChunks();
  bool LocksFirst() const;
  bool IsOver() const;
  Attempt Try();
  Connection::Result Lock(Transaction& transaction) const;
  Connection::Result Run(Transaction& transaction, size_t chunk, size_t parts) const;
  // The verdict on each part of a chunk, and its row.
  absl::Status Judge(size_t chunk, const QueryResult& rows, std::vector<std::string>& bytes) const;
  void Answer(absl::StatusOr<Outcome> outcome);
  // The answer of the last attempt.
  absl::StatusOr<Outcome> Conclude(Attempt result) const;
  absl::Status StatusOf(Failure failure) const;
  // The part of a chunk without which its statement does not fail, and its error, if
  // they can be found.
  std::optional<size_t> FindCulprit(Failure& failure) const;
  // Whether it alone is refused, too, for a reason of that kind.
  bool FailsAlone(size_t part, SqlErrorKind kind) const;
  // Runs all before `chunk` and its first `parts`, and undoes it.
  std::optional<SqlError> Probe(size_t chunk, size_t parts) const;

  Connection& connection_;
  ConstraintColumns& columns_;
  Operation& operation_;
  std::vector<Chunk> chunks_;
};

}  // namespace dataservice
