// How far the writer is, and how much of that a reader has.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
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

// Asks a database for its position. A database that has the wrong role is left: its name may lead
// to another one by now. Aurora has no functions for positions in the WAL (SQLSTATE
// 0A000 or 55000): there the transaction ids alone are asked for. Belongs to one connection and to
// its thread.
class PositionQuery {
 public:
  explicit PositionQuery(DatabaseRole role) : role_(role) {}

  // UNAVAILABLE if the database does not answer, or does not have the role.
  absl::StatusOr<DatabasePosition> Ask(Connection& connection, const StatementLimit& limit);

  // Closes the connection, at most once a second, so that the next statement makes a new one: it
  // leads to a database that is not the right one.
  void Leave(Connection& connection);

 private:
  const DatabaseRole role_;
  // How often the transaction ids alone are still asked for, before everything is asked for again.
  int short_asks_ = 0;
  std::optional<std::chrono::steady_clock::time_point> left_;  // the last time
};

}  // namespace dataservice
