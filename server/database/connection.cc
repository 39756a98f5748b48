#include "database/connection.h"

#include <poll.h>

#include <utility>

#include "telemetry/log.h"

namespace dataservice {
namespace {

// After a failure to connect, operations fail at once for this long, instead of
// each waiting for a failure of its own.
constexpr std::chrono::milliseconds kRetryPause{200};

// Statements that are prepared on one connection; others run unnamed. PostgreSQL
// keeps the plan of each, some 10 KB.
constexpr size_t kMaxPrepared = 500;

// What PostgreSQL says of a prepared statement that it will not run: its result
// has other types since the schema changed, or a pooler gave us another server
// connection. Nothing was done.
bool IsLostPreparation(std::string_view sqlstate) {
  return sqlstate == "0A000" || sqlstate == "26000" || sqlstate == "42P05";
}

SqlError FromState(const pqxx::sql_error& e) {
  return {KindOfSqlState(e.sqlstate()), e.sqlstate(), e.what()};
}

}  // namespace

Connection::Connection(ConnectionSettings settings, Watchdog& watchdog)
    : settings_(std::move(settings)), watchdog_(watchdog) {}

// A server that ended the connection has sent its farewell or closed it, so an
// idle socket with something to read is not to be trusted with a write: its
// outcome would be unknown.
bool Connection::IsStale() const {
  if (!connection_->is_open()) return true;
  pollfd poll_socket{connection_->sock(), POLLIN, 0};
  return poll(&poll_socket, 1, 0) != 0;
}

pqxx::connection* Connection::Usable(SqlError& error) {
  if (connection_ != nullptr && !IsStale()) return connection_.get();
  connection_.reset();
  prepared_.clear();
  const TimePoint now = std::chrono::system_clock::now();
  if (now < retry_at_) {
    error = last_failure_;
    return nullptr;
  }
  const absl::Status connected = Connect();
  if (connected.ok()) {
    if (retry_at_ != TimePoint()) LogInfo("database_connected");
    retry_at_ = TimePoint();
    return connection_.get();
  }
  const std::string words(connected.message());
  if (retry_at_ == TimePoint()) LogWarning("database_unreachable", {{"error", words}});
  error = {SqlErrorKind::kUnavailable, "", words};
  last_failure_ = error;
  retry_at_ = std::chrono::system_clock::now() + kRetryPause;
  return nullptr;
}

absl::Status Connection::Connect() {
  CredentialSource* const* source = std::get_if<CredentialSource*>(&settings_.conninfo);
  const absl::StatusOr<std::string> conninfo =
      source != nullptr ? (*source)->ConnInfo() : std::get<std::string>(settings_.conninfo);
  if (!conninfo.ok()) return conninfo.status();
  try {
    connection_ = std::make_unique<pqxx::connection>(*conninfo);
    return absl::OkStatus();
  } catch (const std::exception& e) {
    // Whether it was for the credentials libpqxx does not tell, and a pooler's SQLSTATE
    // would not either: they are taken anew in any case.
    if (source != nullptr) (*source)->Refused();
    return absl::UnavailableError(e.what());
  }
}

pqxx::result Connection::Execute(const std::string& text,
                                 const std::vector<std::string>& parameters) {
  pqxx::nontransaction work(*connection_);
  const auto arguments = pqxx::prepare::make_dynamic_params(parameters);
  if (!settings_.prepared_statements) return work.exec_params(text, arguments);
  auto known = prepared_.find(text);
  if (known == prepared_.end()) {
    if (prepared_.size() >= kMaxPrepared) return work.exec_params(text, arguments);
    known = prepared_.emplace(text, "s" + std::to_string(prepared_.size())).first;
    connection_->prepare(known->second, text);
  }
  return work.exec_prepared(known->second, arguments);
}

Connection::Result Connection::Run(const std::string& text,
                                   const std::vector<std::string>& parameters, TimePoint deadline) {
  SqlError error;
  pqxx::connection* connection = Usable(error);
  if (connection == nullptr) return error;
  pqxx::result rows;
  const auto failure = Caught([&] {
    const Watchdog::Guard guard(watchdog_, connection->sock(), deadline);
    rows = Execute(text, parameters);
  });
  if (!failure.has_value()) return rows;
  error = *failure;
  Judge(error);
  return error;
}

std::optional<SqlError> Connection::Caught(const std::function<void()>& body) {
  try {
    body();
    return std::nullopt;
  } catch (const pqxx::deadlock_detected& e) {
    return SqlError{SqlErrorKind::kRolledBack, "40P01", e.what()};
  } catch (const pqxx::serialization_failure& e) {
    return SqlError{SqlErrorKind::kRolledBack, "40001", e.what()};
  } catch (const pqxx::broken_connection& e) {
    return SqlError{SqlErrorKind::kLost, "", e.what()};
  } catch (const pqxx::sql_error& e) {
    return FromState(e);
  } catch (const std::exception& e) {
    return SqlError{SqlErrorKind::kLost, "", e.what()};
  }
}

void Connection::Judge(SqlError& error) {
  // libpqxx tells a lost connection in several ways; the state of the
  // connection tells it in one.
  if (!connection_->is_open() || error.kind == SqlErrorKind::kLost) {
    if (error.kind == SqlErrorKind::kOther) error.kind = SqlErrorKind::kLost;
    LogWarning("database_lost", {{"sqlstate", error.sqlstate}, {"error", LogText(error)}});
    connection_.reset();
  } else if (settings_.prepared_statements && IsLostPreparation(error.sqlstate)) {
    LogWarning("statement_not_prepared", {{"sqlstate", error.sqlstate}, {"error", LogText(error)}});
    error.kind = SqlErrorKind::kRolledBack;
    connection_.reset();
  } else if (SpoilsConnection(error.sqlstate)) {
    connection_.reset();
  }
}

}  // namespace dataservice
