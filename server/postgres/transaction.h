// Several statements that all hold or none.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "postgres/connection.h"

namespace dataservice {

// A transaction of PostgreSQL's default isolation (READ COMMITTED) on a
// connection that has no other at the time: BEGIN and COMMIT or ROLLBACK, which a
// pooler in transaction mode and RDS Proxy follow, and no SET. After an error it
// is over and rolled back. Belongs to one thread.
class Transaction {
 public:
  // Nothing is sent yet. At `deadline` the watchdog ends it, whatever it is at.
  Transaction(Connection& connection, Connection::TimePoint deadline);
  // Rolls back what was not committed.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Runs a statement; begins with the first one. A connection that goes takes the
  // transaction with it, so what that would leave open elsewhere is known here:
  // kUnavailable, nothing was done. Not after an error. Never throws.
  Connection::Result Run(const std::string& text, const std::vector<std::string>& parameters);

  // Empty if all of it holds now. kLost: it may hold, or not; any other error:
  // nothing of it does. Once, after at least one Run, and none failed. Never throws.
  std::optional<SqlError> Commit();

 private:
  // Ends it after an error.
  SqlError End(SqlError error);
  // The same before the COMMIT: where the connection is lost, nothing was done.
  SqlError Undone(SqlError error);

  Connection& connection_;
  const Connection::TimePoint deadline_;
  std::unique_ptr<Watchdog::Guard> guard_;
  bool begun_ = false;
};

}  // namespace dataservice
