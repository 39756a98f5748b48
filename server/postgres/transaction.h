// Several statements, all or none.
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
  // Sends nothing yet. At `deadline` the watchdog closes the connection.
  Transaction(Connection& connection, Connection::TimePoint deadline);
  // Rolls back what was not committed.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // Runs a statement; the first one begins the transaction. If the connection is lost, the
  // error is kUnavailable and not kLost: without its COMMIT, nothing was done. Not after an
  // error. Never throws.
  Connection::Result Run(const std::string& text, const std::vector<std::string>& parameters);

  // Empty if it was committed. kLost: it may have been; any other error: it was not. Once,
  // after at least one Run, none of which failed. Never throws.
  std::optional<SqlError> Commit();

 private:
  // Ends it after an error.
  SqlError End(SqlError error);
  // The same before the COMMIT: if the connection is lost, nothing was done.
  SqlError Undone(SqlError error);

  Connection& connection_;
  const Connection::TimePoint deadline_;
  std::unique_ptr<Watchdog::Guard> guard_;
  bool begun_ = false;
};

}  // namespace dataservice
