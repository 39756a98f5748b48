#include "postgres/libpq.h"

#include "absl/strings/ascii.h"

namespace dataservice {
namespace {

std::vector<const char*> Pointers(const std::vector<std::string>& parameters) {
  std::vector<const char*> pointers;
  pointers.reserve(parameters.size());
  for (const std::string& parameter : parameters) pointers.push_back(parameter.c_str());
  return pointers;
}

std::string Field(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string() : text;
}

// Of the error of a server. One that libpq itself reports, of a connection that it lost,
// has no SQLSTATE.
SqlError ErrorOf(const PGresult* result) {
  SqlError error;
  error.sqlstate = Field(result, PG_DIAG_SQLSTATE);
  if (error.sqlstate.empty()) {
    error.kind = SqlErrorKind::kLost;
    error.message = std::string(absl::StripAsciiWhitespace(PQresultErrorMessage(result)));
    return error;
  }
  error.message = Field(result, PG_DIAG_MESSAGE_PRIMARY);
  error.hint = Field(result, PG_DIAG_MESSAGE_HINT);
  error.schema = Field(result, PG_DIAG_SCHEMA_NAME);
  error.table = Field(result, PG_DIAG_TABLE_NAME);
  error.constraint = Field(result, PG_DIAG_CONSTRAINT_NAME);
  error.routine = Field(result, PG_DIAG_SOURCE_FUNCTION);
  error.in_function = PQresultErrorField(result, PG_DIAG_CONTEXT) != nullptr;
  if (std::string column = Field(result, PG_DIAG_COLUMN_NAME); !column.empty()) {
    error.columns.push_back(std::move(column));
  }
  error.kind = KindOfError(error.sqlstate, error.routine);
  return error;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LibpqConnection>> LibpqConnection::Connect(
    const std::string& conninfo) {
  std::unique_ptr<LibpqConnection> connection(new LibpqConnection(PQconnectdb(conninfo.c_str())));
  PGconn* const handle = connection->connection_.get();
  if (!connection->is_open()) {
    return absl::UnavailableError(absl::StripAsciiWhitespace(PQerrorMessage(handle)));
  }
  // libpq would print notices to standard error, and a trigger's may quote the row.
  PQsetNoticeReceiver(
      handle, [](void*, const PGresult*) {}, nullptr);
  return connection;
}

LibpqConnection::Result LibpqConnection::Execute(const char* text) {
  return Take(PQexec(connection_.get(), text));
}

LibpqConnection::Result LibpqConnection::Execute(const std::string& text,
                                                 const std::vector<std::string>& parameters) {
  const auto values = Pointers(parameters);
  return Take(PQexecParams(connection_.get(), text.c_str(), static_cast<int>(values.size()),
                           nullptr, values.data(), nullptr, nullptr, 0));
}

LibpqConnection::Result LibpqConnection::Prepare(const std::string& name, const std::string& text) {
  return Take(PQprepare(connection_.get(), name.c_str(), text.c_str(), 0, nullptr));
}

LibpqConnection::Result LibpqConnection::ExecutePrepared(
    const std::string& name, const std::vector<std::string>& parameters) {
  const auto values = Pointers(parameters);
  return Take(PQexecPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                             values.data(), nullptr, nullptr, 0));
}

LibpqConnection::Result LibpqConnection::Take(PGresult* result) const {
  QueryResult rows(result);
  const ExecStatusType status = PQresultStatus(result);
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return rows;
  SqlError error = ErrorOf(result);
  if (result == nullptr) {
    error.message = std::string(absl::StripAsciiWhitespace(PQerrorMessage(connection_.get())));
  }
  return error;
}

}  // namespace dataservice
