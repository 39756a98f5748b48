#include "postgres/libpq.h"

#include <openssl/ssl.h>
#include <poll.h>

#include <thread>
#include <utility>

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

// Whether bytes were read from the socket that libpq has not yet got from OpenSSL.
bool HasDecrypted(PGconn* connection) {
  auto* ssl = static_cast<SSL*>(PQsslStruct(connection, "OpenSSL"));
  return ssl != nullptr && SSL_pending(ssl) > 0;
}

// How long AwaitBriefly() keeps the core. If no answer came in that time, it does nothing for the
// next kNotAwaited statements.
constexpr std::chrono::microseconds kBrief{200};
constexpr int kNotAwaited = 64;

}  // namespace

absl::StatusOr<std::unique_ptr<LibpqConnection>> LibpqConnection::Connect(
    const std::string& conninfo) {
  std::unique_ptr<LibpqConnection> connection(new LibpqConnection(PQconnectdb(conninfo.c_str())));
  PGconn* const handle = connection->connection_.get();
  if (!connection->is_open()) {
    return absl::UnavailableError(absl::StripAsciiWhitespace(PQerrorMessage(handle)));
  }
  PQsetnonblocking(handle, 1);
  // libpq would print notices to standard error, and a trigger's may quote the row.
  PQsetNoticeReceiver(
      handle, [](void*, const PGresult*) {}, nullptr);
  return connection;
}

void LibpqConnection::Send(const char* text) { PQsendQuery(connection_.get(), text); }

void LibpqConnection::Send(const std::string& text, const std::vector<std::string>& parameters) {
  const auto values = Pointers(parameters);
  PQsendQueryParams(connection_.get(), text.c_str(), static_cast<int>(values.size()), nullptr,
                    values.data(), nullptr, nullptr, 0);
}

void LibpqConnection::SendPrepare(const std::string& name, const std::string& text) {
  PQsendPrepare(connection_.get(), name.c_str(), text.c_str(), 0, nullptr);
}

void LibpqConnection::SendPrepared(const std::string& name,
                                   const std::vector<std::string>& parameters) {
  const auto values = Pointers(parameters);
  PQsendQueryPrepared(connection_.get(), name.c_str(), static_cast<int>(values.size()),
                      values.data(), nullptr, nullptr, 0);
}

void LibpqConnection::AwaitSocket(bool writes, std::chrono::milliseconds limit) const {
  if (HasDecrypted(connection_.get())) return;
  const short events = static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN);
  pollfd waiting{socket(), events, 0};
  poll(&waiting, 1, static_cast<int>(limit.count()));
}

void LibpqConnection::AwaitBriefly() {
  // On a single core the database could not run meanwhile.
  static const bool has_one_core = std::thread::hardware_concurrency() == 1;
  if (has_one_core) return;
  if (not_awaited_ > 0) {
    --not_awaited_;
    return;
  }
  if (PQflush(connection_.get()) != 0) return;
  pollfd waiting{socket(), POLLIN, 0};
  const auto until = std::chrono::steady_clock::now() + kBrief;
  while (poll(&waiting, 1, 0) == 0) {
    if (std::chrono::steady_clock::now() >= until) {
      not_awaited_ = kNotAwaited;
      return;
    }
  }
}

bool LibpqConnection::TakeArrived() {
  while (PQisBusy(connection_.get()) == 0) {
    PGresult* const result = PQgetResult(connection_.get());
    if (result == nullptr) return true;
    result_.reset(result);
  }
  return false;
}

// After a failure to write or to read, PQgetResult does not wait: it returns the error.
bool LibpqConnection::Advance(std::chrono::milliseconds limit) {
  const int flushed = PQflush(connection_.get());
  if (flushed >= 0) {
    AwaitSocket(flushed > 0, limit);
    if (PQconsumeInput(connection_.get()) == 1) return TakeArrived();
  }
  while (PGresult* const result = PQgetResult(connection_.get())) result_.reset(result);
  return true;
}

LibpqConnection::Result LibpqConnection::TakeResult() {
  PGresult* const result = result_.release();
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
