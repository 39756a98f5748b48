// How far the writer is, and how much of that a reader has.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "postgres/connection.h"

namespace dataservice {

struct DatabasePosition {
  // The system identifier of the cluster and its timeline; empty where neither can be asked for.
  std::string timeline;
  // The end of the WAL that the writer has inserted, or that the reader has replayed; 0 where it
  // cannot be asked for.
  uint64_t wal = 0;
  // Of the writer, the first transaction id that no transaction has which has ended; of the reader,
  // the first one whose transaction it does not know to have ended.
  uint64_t transaction = 0;
};

// Whether the reader has every transaction that had ended when the writer was at its position.
// Either number proves it. The WAL of an idle writer can have records that a standby does not get
// until a transaction follows, and a long transaction holds up the other number.
bool Covers(const DatabasePosition& reader, const DatabasePosition& writer);

enum class DatabaseRole { kWriter, kReader };

// Asks a database for its position. Aurora has no functions for positions in the WAL (SQLSTATE
// 0A000 or 55000): there the transaction ids alone are asked for. Belongs to one connection.
class PositionQuery {
 public:
  explicit PositionQuery(DatabaseRole role) : role_(role) {}

  // UNAVAILABLE if the database does not answer, or does not have the role.
  absl::StatusOr<DatabasePosition> Ask(Connection& connection, const StatementLimit& limit);

 private:
  const DatabaseRole role_;
  // How often the transaction ids alone are still asked for, before everything is asked for again.
  int short_asks_ = 0;
};

}  // namespace dataservice
