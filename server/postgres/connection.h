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

struct ConnectionSettings {
  // A completed connection string (conninfo.h), or the source of one for each new connection,
  // which outlives it.
  std::variant<std::string, CredentialSource*> conninfo;
  // Prepares each statement once a connection and runs it by name: PostgreSQL
  // then plans it once. For direct connections only: behind RDS Proxy it pins, and
  // PgBouncer before 1.21 does not know the names.
  bool prepared_statements = false;
};

// Belongs to one thread at a time. Runs single statements in autocommit, or a
// Transaction, with unnamed parameters and nothing else, so that a pooler or RDS
// Proxy is free to use any server connection for each (but see prepared_statements).
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
  bool IsStale() const;
  Result Execute(const std::string& text, const std::vector<std::string>& parameters);

  const ConnectionSettings settings_;
  Watchdog& watchdog_;
  std::unique_ptr<LibpqConnection> connection_;
  // Names of the statements that are prepared on it, by text.
  absl::flat_hash_map<std::string, std::string> prepared_;
  TimePoint retry_at_;
  SqlError last_failure_;
};

}  // namespace dataservice
