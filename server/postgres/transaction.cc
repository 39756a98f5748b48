#include "postgres/transaction.h"

#include <utility>

namespace dataservice {

Transaction::Transaction(Connection& connection, Connection::TimePoint deadline)
    : connection_(connection), deadline_(deadline) {}

// Rolling back is guarded like the rest; a connection that breaks under it is found stale
// before its next use.
Transaction::~Transaction() {
  if (begun_) connection_.connection_->Execute("ROLLBACK");
}

Connection::Result Transaction::Run(const std::string& text,
                                    const std::vector<std::string>& parameters) {
  if (!begun_) {
    SqlError unusable;
    LibpqConnection* connection = connection_.Usable(unusable);
    if (connection == nullptr) return unusable;
    guard_ =
        std::make_unique<Watchdog::Guard>(connection_.watchdog_, connection->socket(), deadline_);
    begun_ = true;
    auto result = connection->Execute("BEGIN");
    if (auto* error = std::get_if<SqlError>(&result)) return Undone(std::move(*error));
  }
  auto result = connection_.connection_->Execute(text, parameters);
  if (auto* error = std::get_if<SqlError>(&result)) return Undone(std::move(*error));
  return result;
}

std::optional<SqlError> Transaction::Commit() {
  begun_ = false;  // whatever comes of it
  auto result = connection_.connection_->Execute("COMMIT");
  if (auto* error = std::get_if<SqlError>(&result)) {
    if (!connection_.connection_->is_open()) error->kind = SqlErrorKind::kLost;
    return End(std::move(*error));
  }
  guard_.reset();
  return std::nullopt;
}

SqlError Transaction::Undone(SqlError error) {
  error = End(std::move(error));
  if (error.kind == SqlErrorKind::kLost) error.kind = SqlErrorKind::kUnavailable;
  return error;
}

SqlError Transaction::End(SqlError error) {
  if (begun_ && connection_.connection_->is_open()) connection_.connection_->Execute("ROLLBACK");
  begun_ = false;
  // Before the connection may go, and another take its socket's number.
  guard_.reset();
  connection_.HandleError(error);
  return error;
}

}  // namespace dataservice
