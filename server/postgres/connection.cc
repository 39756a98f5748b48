#include "postgres/connection.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "log.h"

namespace dataservice {
namespace {

// After a failure to connect, operations fail at once for this long, instead of
// each waiting for a failure of its own.
constexpr std::chrono::milliseconds kRetryPause{200};

// Statements that are prepared on one connection; others run unnamed. PostgreSQL
// keeps the plan of each, some 10 KB.
constexpr size_t kMaxPrepared = 500;

// The states with which PostgreSQL refuses a prepared statement: its result has other types
// since the schema changed, or a pooler uses another server connection. Nothing was done.
bool IsLostPreparation(std::string_view sqlstate) {
  return sqlstate == sqlstate::kFeatureNotSupported ||
         sqlstate == sqlstate::kInvalidStatementName ||
         sqlstate == sqlstate::kDuplicatePreparedStatement;
}

// Time for the question after the backend's process id.
constexpr std::chrono::seconds kProcessIdTime{5};

// How long a statement that was left may run on.
constexpr std::chrono::minutes kLeftTime{1};

}  // namespace

void Connection::Closer::operator()(LibpqConnection* connection) const {
  counts->open.fetch_sub(1, std::memory_order_relaxed);
  delete connection;
}

Connection::Connection(ConnectionSettings settings, Canceller& canceller, ConnectionCounts& counts)
    : settings_(std::move(settings)),
      canceller_(canceller),
      counts_(counts),
      connection_(nullptr, Closer{&counts}) {}

bool Connection::Settle(std::chrono::milliseconds limit) {
  if (!left_until_) return true;
  const auto now = std::chrono::steady_clock::now();
  const auto until = std::min(*left_until_, now + limit);
  const auto time = std::chrono::ceil<std::chrono::milliseconds>(until - now);
  const bool over = connection_->Advance(std::max(time, std::chrono::milliseconds(0)));
  if (over) connection_->TakeResult();
  const bool given_up = !over && *left_until_ <= std::chrono::steady_clock::now();
  if (given_up) LogWarning("statement_given_up");
  if (given_up || (over && !connection_->is_idle())) connection_.reset();
  if (over || given_up) left_until_.reset();
  return over || given_up;
}

void Connection::Close() {
  connection_.reset();
  left_until_.reset();
}

// A server that ended the connection has sent an error or closed it. So a connection whose
// idle socket has data to read is not used for a write, whose outcome would be unknown.
bool Connection::IsStale() const {
  if (!connection_->is_open()) return true;
  pollfd poll_socket{connection_->socket(), POLLIN, 0};
  return poll(&poll_socket, 1, 0) != 0;
}

LibpqConnection* Connection::Usable(SqlError& error) {
  if (!Settle(std::chrono::milliseconds(0))) {
    error = {.kind = SqlErrorKind::kUnavailable,
             .message = "an earlier statement of the connection is still running"};
    return nullptr;
  }
  if (connection_ != nullptr && !IsStale()) return connection_.get();
  if (connection_ != nullptr) CountLost();
  connection_.reset();
  prepared_.clear();
  if (retry_at_ && std::chrono::steady_clock::now() < *retry_at_) {
    error = last_failure_;
    return nullptr;
  }
  const absl::Status connected = Connect();
  if (connected.ok()) {
    if (retry_at_) LogInfo("database_connected");
    retry_at_.reset();
    return connection_.get();
  }
  counts_.failed.fetch_add(1, std::memory_order_relaxed);
  const std::string words(connected.message());
  if (!retry_at_) LogWarning("database_unreachable", {{"error", words}});
  error = {.kind = SqlErrorKind::kUnavailable, .message = words};
  last_failure_ = error;
  retry_at_ = std::chrono::steady_clock::now() + kRetryPause;
  return nullptr;
}

absl::Status Connection::Connect() {
  const Timed timed(times_.connecting, counts_.connecting);
  CredentialSource* const* source = std::get_if<CredentialSource*>(&settings_.conninfo);
  const absl::StatusOr<std::string> conninfo =
      source != nullptr ? (*source)->ConnInfo() : std::get<std::string>(settings_.conninfo);
  if (!conninfo.ok()) return conninfo.status();
  auto connected = LibpqConnection::Connect(*conninfo);
  if (!connected.ok()) {
    // Whether it was for the credentials libpq does not tell, and a pooler's SQLSTATE
    // would not either: they are taken anew in any case.
    if (source != nullptr) (*source)->Refused();
    return connected.status();
  }
  counts_.open.fetch_add(1, std::memory_order_relaxed);
  counts_.made.fetch_add(1, std::memory_order_relaxed);
  connection_.reset(connected->release());
  prepares_ = DecidePreparation();
  return connection_ != nullptr && connection_->is_open()
             ? absl::OkStatus()
             : absl::UnavailableError("the connection was lost at once");
}

bool Connection::DecidePreparation() {
  switch (settings_.prepared_statements) {
    case PreparedStatements::kOn:
      return true;
    case PreparedStatements::kOff:
      return false;
    case PreparedStatements::kAuto:
      break;
  }
  if (is_pooled_) return false;
  StatementWatch watch(canceller_, *connection_, std::chrono::system_clock::now() + kProcessIdTime);
  connection_->Send("SELECT pg_backend_pid()");
  const Result result = watch.Await();
  if (watch.end() != WatchEnd::kUndisturbed) connection_.reset();
  const auto* rows = std::get_if<QueryResult>(&result);
  return rows != nullptr && (*rows)[0].text(0) == std::to_string(connection_->process_id());
}

Connection::Result Connection::Execute(StatementWatch& watch, const std::string& text,
                                       const std::vector<std::string>& parameters) {
  const Timed timed(times_.statements, counts_.in_use);
  counts_.statements.fetch_add(1, std::memory_order_relaxed);
  is_begun_ = true;
  auto known = prepared_.find(text);
  if (!prepares_ || (known == prepared_.end() && prepared_.size() >= kMaxPrepared)) {
    connection_->Send(text, parameters);
    return watch.Await();
  }
  if (known == prepared_.end()) {
    const std::string name = "s" + std::to_string(prepared_.size());
    is_begun_ = false;
    connection_->SendPrepare(name, text);
    Result prepared = watch.Await();
    if (std::holds_alternative<SqlError>(prepared)) return prepared;
    is_begun_ = true;
    known = prepared_.emplace(text, name).first;
  }
  connection_->SendPrepared(known->second, parameters);
  return watch.Await();
}

Connection::Result Connection::Run(const std::string& text,
                                   const std::vector<std::string>& parameters,
                                   const StatementLimit& limit) {
  SqlError unusable;
  LibpqConnection* connection = Usable(unusable);
  if (connection == nullptr) return unusable;
  StatementWatch watch(canceller_, *connection, limit);
  Result result = Execute(watch, text, parameters);
  if (auto* error = std::get_if<SqlError>(&result)) {
    HandleError(*error, watch.end());
    // Lost while it was prepared: nothing was done.
    if (error->kind == SqlErrorKind::kLost && !is_begun_) error->kind = SqlErrorKind::kRolledBack;
  }
  return result;
}

void Connection::HandleError(SqlError& error, WatchEnd watched) {
  if (watched != WatchEnd::kUndisturbed || error.kind == SqlErrorKind::kTimedOut) {
    ++timeouts_;
    counts_.cancelled.fetch_add(1, std::memory_order_relaxed);
  }
  if (watched != WatchEnd::kUndisturbed) {
    if (error.kind == SqlErrorKind::kLost) {
      LogWarning("statement_not_cancelled", {{"error", error.message}});
    }
    if (watched == WatchEnd::kLeft) left_until_ = std::chrono::steady_clock::now() + kLeftTime;
    if (watched == WatchEnd::kSpoiled) connection_.reset();
    return;
  }
  // The error with which the server ends a connection has a state of its own.
  if (!connection_->is_open() || error.kind == SqlErrorKind::kLost) {
    if (error.kind == SqlErrorKind::kOther) error.kind = SqlErrorKind::kLost;
    CountLost();
    LogWarning("database_lost", {{"sqlstate", error.sqlstate}, {"error", LogText(error)}});
    connection_.reset();
  } else if (error.kind == SqlErrorKind::kRaised) {
    // Its state is its author's choice.
  } else if (prepares_ && IsLostPreparation(error.sqlstate)) {
    LogWarning("statement_not_prepared", {{"sqlstate", error.sqlstate}, {"error", LogText(error)}});
    if (error.sqlstate != sqlstate::kFeatureNotSupported) is_pooled_ = true;
    error.kind = SqlErrorKind::kRolledBack;
    connection_.reset();
  } else if (SpoilsConnection(error.sqlstate)) {
    connection_.reset();
  }
}

}  // namespace dataservice
