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
  // Sends nothing yet. The limit is that of each statement (Connection::Run).
  Transaction(Connection& connection, StatementLimit limit);
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
  // Sends a statement without parameters, and waits for its result.
  Connection::Result Execute(const char* text);
  // Rolls back, and closes the connection if that fails.
  void RollBack();
  // Ends it after an error.
  SqlError End(SqlError error);
  // The same before the COMMIT: if the connection is lost, nothing was done.
  SqlError Undone(SqlError error);

  Connection& connection_;
  const StatementLimit limit_;
  // Of the statements; null before the first one.
  std::unique_ptr<StatementWatch> watch_;
  bool begun_ = false;
};

}  // namespace dataservice
