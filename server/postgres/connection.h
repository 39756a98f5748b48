// One connection to PostgreSQL, made again when it is lost.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "postgres/connection_counts.h"
#include "postgres/credential_source.h"
#include "postgres/libpq.h"
#include "postgres/sqlstate.h"
#include "postgres/statement_limit.h"
#include "postgres/statement_watch.h"

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
  using Result = LibpqConnection::Result;

  // Connects at the first Run. `canceller` and `counts` must outlive it.
  Connection(ConnectionSettings settings, Canceller& canceller, ConnectionCounts& counts);

  // Runs one statement. When its limit is reached, it is cancelled (kCancelled); if that has no
  // effect within kGrace, this returns without its result (kLost). Never throws.
  Result Run(const std::string& text, const std::vector<std::string>& parameters,
             const StatementLimit& limit);

  // Waits until no statement is running that an earlier Run left, at most for `limit`. Returns
  // whether none is; until then every Run returns kUnavailable. So a proxy that does not pass a
  // CancelRequest on has no more statements to execute than it has connections. After a minute
  // the statement is given up, and the next Run makes a new connection: set a statement_timeout.
  bool Settle(std::chrono::milliseconds limit);

  // Closes the connection: the next Run makes a new one.
  void Close();

  // Whether a connection is open that the next Run uses.
  bool is_usable() const { return connection_ != nullptr && !IsStale(); }

  // Statements that were cancelled, by the engine or by PostgreSQL after its statement_timeout.
  uint64_t timeouts() const { return timeouts_; }

  const ConnectionTimes& times() const { return times_; }
  ConnectionCounts& counts() { return counts_; }

 private:
  friend class Transaction;

  // Closes a connection that was counted as open.
  struct Closer {
    ConnectionCounts* counts;
    void operator()(LibpqConnection* connection) const;
  };

  // After the last statement of `watch`, which had that error: closes the connection if it cannot
  // be used any more, and makes the error kLost if the connection was lost.
  void HandleError(SqlError& error, WatchEnd watched);
  // Null if there is no usable connection and none could be made.
  LibpqConnection* Usable(SqlError& error);
  // The connection that was made was lost, or the server has ended it.
  void CountLost() { counts_.lost.fetch_add(1, std::memory_order_relaxed); }
  // Connects anew; its errors are for the log.
  absl::Status Connect();
  // Whether statements are prepared on the connection that was just made.
  bool DecidePreparation();
  bool IsStale() const;
  // Prepares the statement if it has to, and sets is_begun_ once the statement itself is sent.
  Result Execute(StatementWatch& watch, const std::string& text,
                 const std::vector<std::string>& parameters);

  const ConnectionSettings settings_;
  Canceller& canceller_;
  ConnectionCounts& counts_;
  ConnectionTimes times_;
  std::unique_ptr<LibpqConnection, Closer> connection_;
  bool prepares_ = false;
  // kAuto: a server did not have a statement that was prepared, so what looked like a
  // direct connection is none.
  bool is_pooled_ = false;
  // Names of the statements that are prepared on it, by text.
  absl::flat_hash_map<std::string, std::string> prepared_;
  // A statement was left that is still running, and is given up at that time.
  std::optional<std::chrono::steady_clock::time_point> left_until_;
  bool is_begun_ = false;
  uint64_t timeouts_ = 0;
  // The last attempt to connect failed with last_failure_; the next one begins then.
  std::optional<std::chrono::steady_clock::time_point> retry_at_;
  SqlError last_failure_;
};

}  // namespace dataservice
