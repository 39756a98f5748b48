#include "execution/database_sink.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "errors/errors.h"
#include "execution/verdicts.h"
#include "sql/parameters.h"
#include "sql/row_writer.h"
#include "telemetry/log.h"
#include "values/position.h"

namespace dataservice {
namespace {

using TimePoint = Operation::TimePoint;

// Deadlocks and serialization failures are rolled back, so their outcome is
// known; a read may run again whatever happened. More tries than this would
// only add to the trouble.
constexpr int kMaxAttempts = 5;

// How long after the last deadline of its batch a statement may still run: its
// callers are gone by then, and its connection is given up.
constexpr std::chrono::milliseconds kGrace{250};

TimePoint LatestDeadline(std::span<const std::unique_ptr<Operation>> operations) {
  TimePoint latest;
  for (const auto& operation : operations) latest = std::max(latest, operation->deadline);
  return latest;
}

bool IsPoison(SqlErrorKind kind) {
  return kind == SqlErrorKind::kReference || kind == SqlErrorKind::kUnique ||
         kind == SqlErrorKind::kValue;
}

// One row of the batch, nobody knows which, made all of it wait too long.
bool IsStuck(SqlErrorKind kind) {
  return kind == SqlErrorKind::kLocked || kind == SqlErrorKind::kTimedOut;
}

bool MayRunAgain(const Operation& operation, SqlErrorKind kind) {
  return kind == SqlErrorKind::kRolledBack ||
         (kind == SqlErrorKind::kLost && operation.retryable == Retryable::kYes);
}

absl::Status Unreadable(const Operation& operation, const std::string& column) {
  const std::string id = NewLogId();
  LogError("unreadable_row",
           {{"id", id},
            {"resource", operation.statement->shape.resource->message->full_name()},
            {"column", column},
            {"key", operation.key}});
  return Internal(id);
}

std::string_view TextOf(const pqxx::row& row, int column) {
  const auto field = row[column];
  return {field.c_str(), field.size()};
}

// The values of the order's columns in a row.
std::string PositionOf(const Statement& statement, const pqxx::row& row) {
  Position position;
  for (const OrderTerm& term : statement.shape.order) {
    const int column = statement.first_column + term.column;
    if (row[column].is_null()) {
      position.emplace_back(std::nullopt);
    } else {
      position.emplace_back(TextOf(row, column));
    }
  }
  return EncodePosition(position);
}

}  // namespace

DatabaseSink::DatabaseSink(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

void DatabaseSink::Execute(Batch batch) {
  if (batch.front()->work != nullptr) {
    batch.front()->work(*batch.front(), *connection_, *this);
  } else {
    Run(batch, 1);
  }
}

void DatabaseSink::Run(Operations operations, int attempt) {
  const Statement& statement = *operations.front()->statement;
  std::vector<const Values*> values;
  values.reserve(operations.size());
  for (const auto& operation : operations) values.push_back(&operation->values);
  const auto result = connection_->Run(statement.text, BindParameters(statement, values),
                                       LatestDeadline(operations) + kGrace);
  if (const auto* error = std::get_if<SqlError>(&result)) {
    AnswerError(operations, *error, attempt);
  } else if (statement.shape.kind == ShapeKind::kList) {
    AnswerList(*operations.front(), std::get<pqxx::result>(result));
  } else if (statement.shape.kind == ShapeKind::kExport) {
    AnswerExport(*operations.front(), std::get<pqxx::result>(result));
  } else {
    Answer(operations, std::get<pqxx::result>(result));
  }
}

void DatabaseSink::Answer(Operations operations, const pqxx::result& rows) {
  const Statement& statement = *operations.front()->statement;
  const ShapeKind kind = statement.shape.kind;
  absl::flat_hash_map<std::string_view, pqxx::result::size_type> by_key;
  for (pqxx::result::size_type i = 0; i < rows.size(); ++i) {
    by_key.emplace(TextOf(rows[i], statement.key_column), i);
  }
  const RowWriter writer(*statement.shape.resource);
  for (const auto& operation : operations) {
    const auto found = by_key.find(operation->key);
    if (found == by_key.end()) {
      if (operation->allow_missing) {
        operation->completion->Succeed(*operation, {});
      } else {
        operation->completion->Fail(*operation, StatusOfMissingRow(*operation));
      }
      continue;
    }
    const pqxx::row row = rows[found->second];
    Outcome outcome;
    if (kind == ShapeKind::kUpdate || kind == ShapeKind::kDelete) {
      absl::Status status = StatusOfVerdict(*operation, TextOf(row, 1));
      if (!status.ok()) {
        operation->completion->Fail(*operation, std::move(status));
        continue;
      }
    }
    outcome.created =
        kind == ShapeKind::kCreate || (kind == ShapeKind::kUpsert && TextOf(row, 1) == "t");
    std::string column;
    if (statement.first_column >= 0 &&
        !writer.Append(row, statement.first_column, outcome.bytes, column)) {
      operation->completion->Fail(*operation, Unreadable(*operation, column));
      continue;
    }
    operation->completion->Succeed(*operation, std::move(outcome));
  }
}

void DatabaseSink::AnswerList(Operation& operation, const pqxx::result& rows) {
  const Statement& statement = *operation.statement;
  const Shape& shape = statement.shape;
  const RowWriter writer(*shape.resource);
  Outcome outcome;
  auto count = rows.size();
  if (shape.total) {
    outcome.total = rows[0][0].as<int64_t>();
    // An empty page is one row that has only the count.
    if (rows[0][statement.key_column].is_null()) count = 0;
  }
  const auto page = static_cast<pqxx::result::size_type>(operation.page_size);
  outcome.more = count > page;
  count = std::min(count, page);
  std::string row_bytes;
  for (pqxx::result::size_type i = 0; i < count; ++i) {
    row_bytes.clear();
    std::string column;
    if (!writer.Append(rows[i], statement.first_column, row_bytes, column)) {
      operation.completion->Fail(operation, Unreadable(operation, column));
      return;
    }
    AppendRepeated(shape.rows_field, row_bytes, outcome.bytes);
  }
  if (outcome.more) outcome.position = PositionOf(statement, rows[count - 1]);
  operation.completion->Succeed(operation, std::move(outcome));
}

void DatabaseSink::AnswerExport(Operation& operation, const pqxx::result& rows) {
  const Statement& statement = *operation.statement;
  const RowWriter writer(*statement.shape.resource);
  Outcome outcome;
  for (const pqxx::row& row : rows) {
    std::string column;
    if (!writer.Append(row, statement.first_column, outcome.bytes, column)) {
      operation.completion->Fail(operation, Unreadable(operation, column));
      return;
    }
    outcome.row_ends.push_back(outcome.bytes.size());
  }
  if (!rows.empty()) outcome.position = PositionOf(statement, rows.back());
  operation.completion->Succeed(operation, std::move(outcome));
}

void DatabaseSink::AnswerError(Operations operations, const SqlError& error, int attempt) {
  if (operations.size() > 1 && IsPoison(error.kind)) {
    const size_t half = operations.size() / 2;
    Run(operations.first(half), attempt);
    Run(operations.subspan(half), attempt);
    return;
  }
  if (operations.size() > 1 && IsStuck(error.kind)) {
    for (size_t i = 0; i < operations.size(); ++i) Run(operations.subspan(i, 1), attempt);
    return;
  }
  const TimePoint now = std::chrono::system_clock::now();
  // All operations of a batch are of one method, so what holds for the first
  // holds for each.
  if (attempt < kMaxAttempts && MayRunAgain(*operations.front(), error.kind) &&
      LatestDeadline(operations) > now) {
    Run(operations, attempt + 1);
    return;
  }
  for (const auto& operation : operations) {
    const bool late = operation->deadline <= now;
    absl::Status status;
    if (late && error.kind == SqlErrorKind::kLost) {
      status = operation->retryable == Retryable::kYes ? DeadlineExceeded()
                                                       : DeadlineExceededOutcomeUnknown();
    } else {
      status = StatusOfError(*operation, error);
    }
    operation->completion->Fail(*operation, std::move(status));
  }
}

}  // namespace dataservice
