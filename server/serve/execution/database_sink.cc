#include "serve/execution/database_sink.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "postgres/transaction.h"
#include "serve/errors/errors.h"
#include "serve/execution/batch_write.h"
#include "serve/execution/claims.h"
#include "serve/execution/keyed_rows.h"
#include "serve/execution/list_rows.h"
#include "serve/execution/retry.h"
#include "serve/execution/verdicts.h"
#include "serve/sql/parameters.h"
#include "serve/sql/row_writer.h"

namespace dataservice {
namespace {

// One row of the batch, nobody knows which, made all of it wait too long.
bool IsStuck(SqlErrorKind kind) {
  return kind == SqlErrorKind::kLocked || kind == SqlErrorKind::kTimedOut;
}

// Whether the claims are worth a look: in a batch where a unique value was met,
// and for every operation that is refused alone.
bool MayBeClaimed(std::span<Operation* const> operations, SqlErrorKind kind) {
  return operations.size() == 1 ? IsPoison(kind) || IsStuck(kind) : kind == SqlErrorKind::kUnique;
}

std::vector<std::string> ParametersOf(std::span<Operation* const> operations) {
  std::vector<const Values*> values;
  values.reserve(operations.size());
  for (const Operation* operation : operations) {
    if (operation->parts.empty()) values.push_back(&operation->values);
    for (const auto& part : operation->parts) values.push_back(&part->values);
  }
  return BindParameters(*operations.front()->statement, values);
}

// What a statement on rows by their keys means for each operation.
std::vector<absl::StatusOr<Outcome>> OutcomesOf(std::span<Operation* const> operations,
                                                const QueryResult& rows) {
  const KeyedRows keyed(*operations.front()->statement, rows);
  std::vector<absl::StatusOr<Outcome>> outcomes;
  outcomes.reserve(operations.size());
  for (const Operation* operation : operations) {
    outcomes.push_back(operation->parts.empty() ? keyed.OutcomeOf(*operation)
                                                : keyed.OutcomeOfParts(*operation));
  }
  return outcomes;
}

// Of what KeyedRows answers, only a row that cannot be read is a fault of ours.
bool IsUnreadable(const absl::StatusOr<Outcome>& outcome) {
  return absl::IsInternal(outcome.status());
}

}  // namespace

DatabaseSink::DatabaseSink(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)), columns_(*connection_) {}

void DatabaseSink::Execute(Batch batch) {
  Operation& first = *batch.front();
  if (first.work != nullptr) {
    first.work(first, *connection_, *this);
    return;
  }
  if (first.statement->shape.kind == ShapeKind::kLock) {
    BatchWrite(*connection_, columns_, first).Execute();
    return;
  }
  std::vector<Operation*> operations;
  operations.reserve(batch.size());
  for (const auto& operation : batch) operations.push_back(operation.get());
  Run(operations, 1);
}

void DatabaseSink::Run(Operations operations, int attempt) {
  const Statement& statement = *operations.front()->statement;
  // A claimed write is found again by its claim, which a transaction that lost its
  // connection would hold up: it stays one statement.
  if (statement.answers_old_json && !statement.shape.claimed) {
    return RunUndoable(operations, attempt);
  }
  auto result = connection_->Run(statement.text, ParametersOf(operations),
                                 LatestDeadline(operations) + kGrace);
  if (auto* error = std::get_if<SqlError>(&result)) {
    AnswerError(operations, std::move(*error), attempt);
  } else if (statement.shape.kind == ShapeKind::kList) {
    AnswerLists(operations, std::get<QueryResult>(result));
  } else if (statement.shape.kind == ShapeKind::kExport) {
    AnswerExport(*operations.front(), std::get<QueryResult>(result));
  } else {
    Answer(operations, OutcomesOf(operations, std::get<QueryResult>(result)));
  }
}

void DatabaseSink::RunUndoable(Operations operations, int attempt) {
  std::optional<SqlError> error;
  Outcomes outcomes;
  bool readable = true;
  {
    Transaction transaction(*connection_, LatestDeadline(operations) + kGrace);
    auto result = transaction.Run(operations.front()->statement->text, ParametersOf(operations));
    if (auto* refused = std::get_if<SqlError>(&result)) {
      error = std::move(*refused);
    } else {
      outcomes = OutcomesOf(operations, std::get<QueryResult>(result));
      readable = std::none_of(outcomes.begin(), outcomes.end(), IsUnreadable);
      if (readable) error = transaction.Commit();
    }
  }
  if (error) return AnswerError(operations, *std::move(error), attempt);
  if (readable) return Answer(operations, std::move(outcomes));
  // The others run again without them.
  std::vector<Operation*> rest;
  for (size_t i = 0; i < operations.size(); ++i) {
    if (IsUnreadable(outcomes[i])) {
      operations[i]->completion->Fail(*operations[i], outcomes[i].status());
    } else {
      rest.push_back(operations[i]);
    }
  }
  if (!rest.empty()) Run(rest, attempt);
}

void DatabaseSink::Answer(Operations operations, Outcomes outcomes) {
  const Statement& statement = *operations.front()->statement;
  std::vector<Operation*> refused;
  std::vector<absl::Status> refusals;
  for (size_t i = 0; i < operations.size(); ++i) {
    Operation* operation = operations[i];
    if (outcomes[i].ok()) {
      operation->completion->Succeed(*operation, *std::move(outcomes[i]));
    } else {
      refused.push_back(operation);
      refusals.push_back(outcomes[i].status());
    }
  }
  const std::vector<Operation*> unclaimed =
      statement.shape.claimed && !refused.empty() ? AnswerClaimed(*connection_, refused) : refused;
  for (size_t i = 0, j = 0; j < unclaimed.size(); ++i) {
    if (refused[i] != unclaimed[j]) continue;
    unclaimed[j]->completion->Fail(*unclaimed[j], std::move(refusals[i]));
    ++j;
  }
}

void DatabaseSink::AnswerLists(Operations operations, const QueryResult& rows) {
  const ListRows lists(*operations.front()->statement, rows, operations.size());
  for (size_t i = 0; i < operations.size(); ++i) {
    Operation& operation = *operations[i];
    auto outcome = lists.PageOf(operation, i);
    if (outcome.ok()) {
      operation.completion->Succeed(operation, *std::move(outcome));
    } else {
      operation.completion->Fail(operation, outcome.status());
    }
  }
}

void DatabaseSink::AnswerExport(Operation& operation, const QueryResult& rows) {
  const Statement& statement = *operation.statement;
  const RowWriter writer(statement);
  Outcome outcome;
  std::string column;
  outcome.row_ends.reserve(static_cast<size_t>(rows.size()));
  for (int i = 0; i < rows.size(); ++i) {
    if (!writer.Append(rows[i], statement.first_column, outcome.bytes, column)) {
      const std::string_view key = rows[i].text(statement.key_column);
      operation.completion->Fail(operation, StatusOfUnreadableRow(operation, key, column));
      return;
    }
    outcome.row_ends.push_back(outcome.bytes.size());
  }
  if (!rows.empty()) outcome.position = PositionOf(statement, rows.back());
  operation.completion->Succeed(operation, std::move(outcome));
}

void DatabaseSink::AnswerError(Operations operations, SqlError error, int attempt) {
  if (operations.front()->statement->shape.claimed && MayBeClaimed(operations, error.kind)) {
    const std::vector<Operation*> rest = AnswerClaimed(*connection_, operations);
    if (rest.size() < operations.size()) {
      if (!rest.empty()) Run(rest, attempt);
      return;
    }
  }
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
  const Operation::TimePoint now = std::chrono::system_clock::now();
  if (MayRunAgain(operations, error.kind, attempt)) {
    Run(operations, attempt + 1);
    return;
  }
  columns_.Complete(error, LatestDeadline(operations) + kGrace);
  for (Operation* operation : operations) {
    const bool late = operation->deadline <= now;
    absl::Status status;
    if (late && error.kind == SqlErrorKind::kLost) {
      status = operation->retryable == Retryable::kYes ? DeadlineExceeded()
                                                       : DeadlineExceededOutcomeUnknown();
    } else if (late && error.kind == SqlErrorKind::kUnavailable) {
      status = DeadlineExceeded();
    } else {
      status = StatusOfError(*operation, error);
    }
    operation->completion->Fail(*operation, std::move(status));
  }
}

}  // namespace dataservice
