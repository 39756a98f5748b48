#include "postgres/transaction.h"

#include <utility>

namespace dataservice {
namespace {

constexpr std::chrono::seconds kRollbackTime{1};

}  // namespace

Transaction::Transaction(Connection& connection, StatementLimit limit)
    : connection_(connection), limit_(std::move(limit)) {}

Transaction::~Transaction() { RollBack(); }

Connection::Result Transaction::Execute(const char* text) {
  const Timed timed(connection_.times_.statements, connection_.counts_.in_use);
  connection_.counts_.statements.fetch_add(1, std::memory_order_relaxed);
  connection_.connection_->Send(text);
  return watch_->Await();
}

Connection::Result Transaction::Run(const std::string& text,
                                    const std::vector<std::string>& parameters) {
  if (!begun_) {
    SqlError unusable;
    LibpqConnection* connection = connection_.Usable(unusable);
    if (connection == nullptr) return unusable;
    watch_ = std::make_unique<StatementWatch>(connection_.canceller_, *connection, limit_);
    begun_ = true;
    auto result = Execute("BEGIN");
    if (auto* error = std::get_if<SqlError>(&result)) return Undone(std::move(*error));
  }
  auto result = connection_.Execute(*watch_, text, parameters);
  if (auto* error = std::get_if<SqlError>(&result)) return Undone(std::move(*error));
  return result;
}

std::optional<SqlError> Transaction::Commit() {
  begun_ = false;  // whatever comes of it
  auto result = Execute("COMMIT");
  if (auto* error = std::get_if<SqlError>(&result)) {
    if (!connection_.connection_->is_open()) error->kind = SqlErrorKind::kLost;
    return End(std::move(*error));
  }
  return std::nullopt;
}

void Transaction::RollBack() {
  if (!begun_) return;
  begun_ = false;
  LibpqConnection& connection = *connection_.connection_;
  if (!connection.is_open()) return;
  StatementWatch watch(connection_.canceller_, connection,
                       std::chrono::system_clock::now() + kRollbackTime);
  connection.Send("ROLLBACK");
  if (std::holds_alternative<SqlError>(watch.Await())) connection_.connection_.reset();
}

SqlError Transaction::Undone(SqlError error) {
  error = End(std::move(error));
  if (error.kind == SqlErrorKind::kLost) error.kind = SqlErrorKind::kUnavailable;
  return error;
}

SqlError Transaction::End(SqlError error) {
  const bool ends =
      watch_->end() == WatchEnd::kUndisturbed || watch_->end() == WatchEnd::kCancelled;
  if (ends) RollBack();
  begun_ = false;
  if (connection_.connection_ != nullptr) connection_.HandleError(error, watch_->end());
  return error;
}

}  // namespace dataservice
