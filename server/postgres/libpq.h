// The calls of libpq that a Connection needs. libpqxx hides what an error is about: the
// names of constraint, table and column, and the hint.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "postgres/query_result.h"
#include "postgres/sqlstate.h"

namespace dataservice {

// An open connection. Belongs to one thread at a time.
class LibpqConnection {
 public:
  using Result = std::variant<QueryResult, SqlError>;

  // UNAVAILABLE, with libpq's message, if there is no connection.
  static absl::StatusOr<std::unique_ptr<LibpqConnection>> Connect(const std::string& conninfo);

  bool is_open() const { return PQstatus(connection_.get()) == CONNECTION_OK; }
  int socket() const { return PQsocket(connection_.get()); }
  // The process id that the server gave when it accepted the connection. A pooler gives a
  // number of its own (seen with PgBouncer 1.18: a random one).
  int process_id() const { return PQbackendPID(connection_.get()); }

  // Runs one statement without parameters by the simple protocol: BEGIN, COMMIT.
  Result Execute(const char* text);
  // Runs one statement, unnamed.
  Result Execute(const std::string& text, const std::vector<std::string>& parameters);
  Result Prepare(const std::string& name, const std::string& text);
  Result ExecutePrepared(const std::string& name, const std::vector<std::string>& parameters);

 private:
  explicit LibpqConnection(PGconn* connection) : connection_(connection, PQfinish) {}

  // Takes the ownership.
  Result Take(PGresult* result) const;

  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

}  // namespace dataservice
