// The calls of libpq that a Connection needs. libpqxx hides what an error is about: the
// names of constraint, table and column, and the hint.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/canceller.h"
#include "postgres/query_result.h"
#include "postgres/sqlstate.h"

namespace dataservice {

// An open connection. Belongs to one thread at a time. It runs one statement at a time: Send...,
// Advance until that returns true, TakeResult.
class LibpqConnection {
 public:
  using Result = std::variant<QueryResult, SqlError>;

  // UNAVAILABLE, with libpq's message, if there is no connection.
  static absl::StatusOr<std::unique_ptr<LibpqConnection>> Connect(const std::string& conninfo);

  bool is_open() const { return PQstatus(connection_.get()) == CONNECTION_OK; }
  // Whether no transaction is open.
  bool is_idle() const { return PQtransactionStatus(connection_.get()) == PQTRANS_IDLE; }
  int socket() const { return PQsocket(connection_.get()); }
  // The process id that the server gave when it accepted the connection. A pooler gives a
  // number of its own (seen with PgBouncer 1.18: a random one).
  int process_id() const { return PQbackendPID(connection_.get()); }
  CancelHandle cancel_handle() const { return {PQgetCancel(connection_.get()), PQfreeCancel}; }

  // Sends one statement without parameters by the simple protocol: BEGIN, COMMIT.
  void Send(const char* text);
  // Sends one statement, unnamed.
  void Send(const std::string& text, const std::vector<std::string>& parameters);
  void SendPrepare(const std::string& name, const std::string& text);
  void SendPrepared(const std::string& name, const std::vector<std::string>& parameters);

  // Waits without giving up the core for the answer to the statement that was sent. This saves the
  // time to wake up: about 30 us on a virtual machine. Returns after 200 us without an answer. Then
  // it does nothing for the next 64 statements: the database may be at a distance.
  void AwaitBriefly();
  // Waits for the server, at most for `limit`. Returns whether the statement is over, which it is
  // also when the connection is lost.
  bool Advance(std::chrono::milliseconds limit);
  // The result of the statement that is over.
  Result TakeResult();

 private:
  explicit LibpqConnection(PGconn* connection)
      : connection_(connection, PQfinish), result_(nullptr, PQclear) {}

  // Waits until there is something to read, or to write if `writes`.
  void AwaitSocket(bool writes, std::chrono::milliseconds limit) const;
  // Takes the results that have arrived. Returns whether the last one has.
  bool TakeArrived();

  int not_awaited_ = 0;  // for so many statements AwaitBriefly() does nothing
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
  std::unique_ptr<PGresult, decltype(&PQclear)> result_;  // the last one so far
};

}  // namespace dataservice
