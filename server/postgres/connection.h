// One connection to PostgreSQL, made again when it is lost.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "postgres/credential_source.h"
#include "postgres/libpq.h"
#include "postgres/sqlstate.h"
#include "postgres/watchdog.h"

namespace dataservice {

// Whether each statement is prepared once a connection and executed by name, so that
// PostgreSQL plans it once. Behind RDS Proxy a named statement pins the connection, and
// PgBouncer before 1.21 does not know the names.
enum class PreparedStatements {
  kAuto,  // on direct connections: where the process id of the start-up is the backend's
  kOn,
  kOff,
};

struct ConnectionSettings {
  // A completed connection string (conninfo.h), or the source of one for each new connection,
  // which outlives it.
  std::variant<std::string, CredentialSource*> conninfo;
  PreparedStatements prepared_statements = PreparedStatements::kAuto;
};

// Belongs to one thread at a time. Runs single statements in autocommit, or a
// Transaction, with unnamed parameters and nothing else, so that a pooler or RDS
// Proxy is free to use any server connection for each (but see PreparedStatements).
class Connection {
 public:
  using TimePoint = std::chrono::system_clock::time_point;
  using Result = LibpqConnection::Result;

  // Connects at the first Run. `watchdog` must outlive it.
  Connection(ConnectionSettings settings, Watchdog& watchdog);

  // Runs one statement; `deadline` ends one that hangs (kLost). Never throws.
  Result Run(const std::string& text, const std::vector<std::string>& parameters,
             TimePoint deadline);

 private:
  friend class Transaction;

  // Closes the connection if it cannot be used after the error, and makes the error kLost if
  // the connection was lost.
  void HandleError(SqlError& error);
  // Null if there is no usable connection and none could be made.
  LibpqConnection* Usable(SqlError& error);
  // Connects anew; its errors are for the log.
  absl::Status Connect();
  // Whether statements are prepared on the connection that was just made.
  bool DecidePreparation();
  bool IsStale() const;
  Result Execute(const std::string& text, const std::vector<std::string>& parameters);

  const ConnectionSettings settings_;
  Watchdog& watchdog_;
  std::unique_ptr<LibpqConnection> connection_;
  bool prepares_ = false;
  // kAuto: a server did not have a statement that was prepared, so what looked like a
  // direct connection is none.
  bool is_pooled_ = false;
  // Names of the statements that are prepared on it, by text.
  absl::flat_hash_map<std::string, std::string> prepared_;
  TimePoint retry_at_;
  SqlError last_failure_;
};

}  // namespace dataservice
