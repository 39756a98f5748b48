#include "serve/execution/database_sink.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "postgres/transaction.h"
#include "serve/errors/errors.h"
#include "serve/execution/batch_transaction.h"
#include "serve/execution/claims.h"
#include "serve/execution/error_status.h"
#include "serve/execution/export_rows.h"
#include "serve/execution/joint_answers.h"
#include "serve/execution/keyed_rows.h"
#include "serve/execution/list_rows.h"
#include "serve/sql/parameters.h"

namespace dataservice {
namespace {

// One row made the whole batch wait too long; the error does not tell which.
bool IsStuck(SqlErrorKind kind) {
  return kind == SqlErrorKind::kLocked || kind == SqlErrorKind::kTimedOut;
}

// Whether an error can mean that a request_id is claimed: one of a unique value in a batch,
// and any error of the row of a single operation.
bool MayBeClaimed(std::span<Operation* const> operations, SqlErrorKind kind) {
  return operations.size() == 1 ? IsOfOneRow(kind) || IsStuck(kind) : kind == SqlErrorKind::kUnique;
}

const Statement& StatementOf(std::span<Operation* const> operations) {
  return *StatementOf(operations.front()->work);
}

void AddValues(const BatchReadWork& work, std::vector<const Values*>& values) {
  for (const ReadWork& read : work.reads) values.push_back(&read.values);
}
void AddValues(const BatchWriteWork&, std::vector<const Values*>&) {}
void AddValues(const CustomWork&, std::vector<const Values*>&) {}
void AddValues(const auto& work, std::vector<const Values*>& values) {
  values.push_back(&work.values);
}

std::vector<std::string> ParametersOf(std::span<Operation* const> operations) {
  std::vector<const Values*> values;
  values.reserve(operations.size());
  for (const Operation* operation : operations) {
    std::visit([&](const auto& work) { AddValues(work, values); }, operation->work);
  }
  return BindParameters(StatementOf(operations), values);
}

// The outcome of each operation whose rows are found by their keys.
std::vector<absl::StatusOr<Outcome>> OutcomesOf(std::span<Operation* const> operations,
                                                const QueryResult& rows) {
  const KeyedRows keyed(StatementOf(operations), rows);
  std::vector<absl::StatusOr<Outcome>> outcomes;
  outcomes.reserve(operations.size());
  for (const Operation* operation : operations) {
    if (const auto* write = std::get_if<WriteWork>(&operation->work)) {
      outcomes.push_back(keyed.OutcomeOf(*write));
    } else if (const auto* read = std::get_if<ReadWork>(&operation->work)) {
      outcomes.push_back(keyed.OutcomeOf(*read));
    } else {
      outcomes.push_back(keyed.OutcomeOf(std::get<BatchReadWork>(operation->work)));
    }
  }
  return outcomes;
}

// The only INTERNAL error among the outcomes of KeyedRows is a row that cannot be read.
bool IsUnreadable(const absl::StatusOr<Outcome>& outcome) {
  return absl::IsInternal(outcome.status());
}

// Of a batch method, which has several, that of its first write.
const Statement* ObservedStatement(const Work& work) {
  const auto* batch = std::get_if<BatchWriteWork>(&work);
  return batch == nullptr ? StatementOf(work) : batch->writes.front().statement.get();
}

RetryLimit RetryLimitOf(std::span<Operation* const> operations, Runs runs) {
  // The statement is the same for all, so that this holds for each of them.
  const Retryable retryable = RetryableOf(operations.front()->work);
  return {.retryable = retryable, .statement = LimitOf(operations), .runs = runs};
}

}  // namespace

DatabaseSink::DatabaseSink(std::unique_ptr<Connection> connection, ExecutionObserver* observer,
                           int runs)
    : connection_(std::move(connection)),
      observer_(observer),
      runs_(runs),
      columns_(*connection_) {}

void DatabaseSink::Execute(Batch batch) {
  // The operations of a custom method are part of its own.
  if (observer_ == nullptr || is_observed_) return Dispatch(batch);
  const Operation& first = *batch.front();
  BatchExecution execution{.method = first.method,
                           .lane = first.lane,
                           .operations = batch.size(),
                           .statement = ObservedStatement(first.work),
                           .connection = connection_.get(),
                           .taken = std::chrono::steady_clock::now(),
                           .before = connection_->times()};
  for (const auto& operation : batch) operation->execution = &execution;
  is_observed_ = true;
  observer_->OnBatchBegin(execution);
  Dispatch(batch);
  observer_->OnBatchEnd(execution);
  is_observed_ = false;
}

void DatabaseSink::Dispatch(const Batch& batch) {
  timeouts_before_ = connection_->timeouts();
  Operation& first = *batch.front();
  if (const auto* custom = std::get_if<CustomWork>(&first.work)) {
    custom->run(first, *connection_, *this);
    return;
  }
  if (std::holds_alternative<BatchWriteWork>(first.work)) {
    BatchTransaction(*connection_, columns_, first).Execute();
    return;
  }
  std::vector<Operation*> operations;
  operations.reserve(batch.size());
  for (const auto& operation : batch) operations.push_back(operation.get());
  Run(operations, {.left = runs_});
}

void DatabaseSink::Run(Operations operations, Runs runs) {
  const Statement& statement = StatementOf(operations);
  // A claimed write stays one statement: its claim is looked up when its result is lost, and a
  // transaction whose connection is lost would make that look-up wait.
  if (statement.answers_old_json && !IsClaimed(statement.shape)) {
    return RunUndoable(operations, runs);
  }
  const std::vector<std::string> parameters = ParametersOf(operations);
  RetryLimit limit = RetryLimitOf(operations, runs);
  auto result = RunWithRetry(*connection_, limit, [&] {
    return connection_->Run(statement.text, parameters, limit.statement);
  });
  if (auto* error = std::get_if<SqlError>(&result)) {
    return AnswerError(operations, std::move(*error), limit.runs);
  }
  const auto& rows = std::get<QueryResult>(result);
  if (std::holds_alternative<PageWork>(operations.front()->work)) {
    AnswerPages(operations, rows);
  } else if (std::holds_alternative<ExportWork>(operations.front()->work)) {
    AnswerExport(*operations.front(), rows);
  } else {
    Answer(operations, OutcomesOf(operations, rows));
  }
}

void DatabaseSink::RunUndoable(Operations operations, Runs runs) {
  RetryLimit limit = RetryLimitOf(operations, runs);
  auto result = RunWithRetry(*connection_, limit, [&] { return TryUndoable(operations); });
  if (auto* error = std::get_if<SqlError>(&result)) {
    return AnswerError(operations, std::move(*error), limit.runs);
  }
  auto& outcomes = std::get<Outcomes>(result);
  if (std::none_of(outcomes.begin(), outcomes.end(), IsUnreadable)) {
    return Answer(operations, std::move(outcomes));
  }
  // The others run again without them.
  std::vector<Operation*> rest;
  for (size_t i = 0; i < operations.size(); ++i) {
    if (IsUnreadable(outcomes[i])) {
      operations[i]->completion->Fail(*operations[i], outcomes[i].status());
    } else {
      rest.push_back(operations[i]);
    }
  }
  if (!rest.empty()) Run(rest, limit.runs);
}

std::variant<DatabaseSink::Outcomes, SqlError> DatabaseSink::TryUndoable(Operations operations) {
  Transaction transaction(*connection_, LimitOf(operations));
  auto result = transaction.Run(StatementOf(operations).text, ParametersOf(operations));
  if (auto* error = std::get_if<SqlError>(&result)) return std::move(*error);
  Outcomes outcomes = OutcomesOf(operations, std::get<QueryResult>(result));
  if (std::any_of(outcomes.begin(), outcomes.end(), IsUnreadable)) return outcomes;
  if (auto error = transaction.Commit()) return *std::move(error);
  return outcomes;
}

void DatabaseSink::Answer(Operations operations, Outcomes outcomes) {
  const Statement& statement = StatementOf(operations);
  std::vector<Operation*> refused;
  std::vector<absl::Status> refusals;
  {
    JointAnswers together;
    for (size_t i = 0; i < operations.size(); ++i) {
      Operation* operation = operations[i];
      if (outcomes[i].ok()) {
        Complete(*operation, std::move(outcomes[i]));
      } else {
        refused.push_back(operation);
        refusals.push_back(outcomes[i].status());
      }
    }
  }
  const std::vector<Operation*> unclaimed = IsClaimed(statement.shape) && !refused.empty()
                                                ? AnswerClaimed(*connection_, refused)
                                                : refused;
  for (size_t i = 0, j = 0; j < unclaimed.size(); ++i) {
    if (refused[i] != unclaimed[j]) continue;
    unclaimed[j]->completion->Fail(*unclaimed[j], std::move(refusals[i]));
    ++j;
  }
}

void DatabaseSink::AnswerPages(Operations operations, const QueryResult& rows) {
  ListRows lists(StatementOf(operations), rows, operations.size());
  JointAnswers together;
  for (size_t i = 0; i < operations.size(); ++i) {
    Complete(*operations[i], lists.PageOf(std::get<PageWork>(operations[i]->work), i));
  }
}

void DatabaseSink::AnswerExport(Operation& operation, const QueryResult& rows) {
  Complete(operation, ExportOf(*std::get<ExportWork>(operation.work).statement, rows));
}

void DatabaseSink::AnswerError(Operations operations, SqlError error, Runs runs) {
  if (IsClaimed(StatementOf(operations).shape) && MayBeClaimed(operations, error.kind)) {
    const std::vector<Operation*> rest = AnswerClaimed(*connection_, operations);
    if (rest.size() < operations.size()) {
      if (!rest.empty()) Run(rest, runs);
      return;
    }
  }
  if (operations.size() > 1 && IsOfOneRow(error.kind)) {
    const size_t half = operations.size() / 2;
    Run(operations.first(half), runs);
    Run(operations.subspan(half), runs);
    return;
  }
  if (operations.size() > 1 && IsStuck(error.kind)) {
    for (size_t i = 0; i < operations.size(); ++i) Run(operations.subspan(i, 1), runs);
    return;
  }
  columns_.Complete(error, LimitOf(operations));
  for (Operation* operation : operations) {
    operation->completion->Fail(*operation, StatusOfError(*operation, error, runs.in_doubt));
  }
}

}  // namespace dataservice
