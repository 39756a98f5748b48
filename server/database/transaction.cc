#include "database/transaction.h"

#include <utility>

namespace dataservice {

Transaction::Transaction(Connection& connection, Connection::TimePoint deadline)
    : connection_(connection), deadline_(deadline) {}

// Rolling back is guarded like the rest; libpqxx swallows its errors, and a
// connection that broke under it is found stale before its next use.
Transaction::~Transaction() { work_.reset(); }

Connection::Result Transaction::Run(const std::string& text,
                                    const std::vector<std::string>& parameters) {
  if (work_ == nullptr) {
    SqlError error;
    pqxx::connection* connection = connection_.Usable(error);
    if (connection == nullptr) return error;
    guard_ =
        std::make_unique<Watchdog::Guard>(connection_.watchdog_, connection->sock(), deadline_);
  }
  pqxx::result rows;
  auto failure = Connection::Caught([&] {
    if (work_ == nullptr) work_ = std::make_unique<pqxx::work>(*connection_.connection_);
    rows = work_->exec_params(text, pqxx::prepare::make_dynamic_params(parameters));
  });
  if (!failure.has_value()) return rows;
  SqlError error = End(*std::move(failure));
  if (error.kind == SqlErrorKind::kLost) error.kind = SqlErrorKind::kUnavailable;
  return error;
}

std::optional<SqlError> Transaction::Commit() {
  auto failure = Connection::Caught([&] { work_->commit(); });
  if (failure.has_value()) {
    if (!connection_.connection_->is_open()) failure->kind = SqlErrorKind::kLost;
    return End(*std::move(failure));
  }
  work_.reset();
  guard_.reset();
  return std::nullopt;
}

SqlError Transaction::End(SqlError error) {
  work_.reset();
  // Before the connection may go, and another take its socket's number.
  guard_.reset();
  connection_.Judge(error);
  return error;
}

}  // namespace dataservice
