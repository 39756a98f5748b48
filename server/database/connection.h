// One connection to PostgreSQL, made again when it is lost.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "database/sqlstate.h"
#include "database/watchdog.h"

namespace dataservice {

struct ConnectionSettings {
  // A completed connection string (conninfo.h).
  std::string conninfo;
};

// Belongs to one thread at a time. Runs single statements in autocommit, or a
// Transaction, with unnamed parameters and nothing else, so that a pooler or RDS
// Proxy is free to use any server connection for each.
class Connection {
 public:
  using TimePoint = std::chrono::system_clock::time_point;
  using Result = std::variant<pqxx::result, SqlError>;

  // Connects at the first Run. `watchdog` must outlive it.
  Connection(ConnectionSettings settings, Watchdog& watchdog);

  // Runs one statement; `deadline` ends one that hangs (kLost). Never throws.
  Result Run(const std::string& text, const std::vector<std::string>& parameters,
             TimePoint deadline);

 private:
  friend class Transaction;

  // What `body` throws, as an error; the connection is judged by Judge().
  static std::optional<SqlError> Caught(const std::function<void()>& body);
  // Gives the connection up where the error says so, and makes the error kLost
  // where it went.
  void Judge(SqlError& error);
  // Null if there is no usable connection and none could be made.
  pqxx::connection* Usable(SqlError& error);
  bool IsStale() const;

  const ConnectionSettings settings_;
  Watchdog& watchdog_;
  std::unique_ptr<pqxx::connection> connection_;
  TimePoint retry_at_;
  SqlError last_failure_;
};

}  // namespace dataservice
