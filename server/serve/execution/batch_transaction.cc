#include "serve/execution/batch_transaction.h"

#include <algorithm>
#include <chrono>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/execution/batch_claim.h"
#include "serve/execution/error_status.h"
#include "serve/execution/keyed_rows.h"
#include "serve/execution/retry.h"
#include "serve/execution/row_status.h"
#include "serve/sql/parameters.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

constexpr size_t kNoChunk = SIZE_MAX;

}  // namespace

BatchTransaction::BatchTransaction(Connection& connection, ConstraintColumns& columns,
                                   Operation& operation)
    : connection_(connection),
      columns_(columns),
      operation_(operation),
      work_(std::get<BatchWriteWork>(operation.work)),
      failed_chunk_(kNoChunk) {
  MakeChunks();
}

void BatchTransaction::MakeChunks() {
  absl::flat_hash_map<const Statement*, size_t> known;
  std::vector<Chunk> groups;
  for (size_t i = 0; i < work_.writes.size(); ++i) {
    const auto [group, added] = known.emplace(work_.writes[i].statement.get(), groups.size());
    if (added) groups.emplace_back();
    groups[group->second].push_back(i);
  }
  for (Chunk& group : groups) {
    std::sort(group.begin(), group.end(), [&](size_t a, size_t b) {
      const WriteWork& first = work_.writes[a];
      const WriteWork& second = work_.writes[b];
      return std::tie(first.key, first.owner) < std::tie(second.key, second.owner);
    });
    size_t bytes = kMaxStatementBytes;
    for (const size_t write : group) {
      const size_t more = work_.writes[write].values.bytes();
      if (bytes + more > kMaxStatementBytes) {
        chunks_.emplace_back();
        bytes = 0;
      }
      chunks_.back().push_back(write);
      bytes += more;
    }
  }
}

// An update and a deletion lock their own rows in the order of the keys. Several statements
// together, and an upsert, would lock theirs in another order, and deadlock with another
// batch.
bool BatchTransaction::LocksFirst() const {
  return std::any_of(chunks_.begin(), chunks_.end(), [&](const Chunk& chunk) {
    const Shape& shape = work_.writes[chunk.front()].statement->shape;
    return std::holds_alternative<UpsertShape>(shape) ||
           (!std::holds_alternative<CreateShape>(shape) && chunks_.size() > 1);
  });
}

bool BatchTransaction::IsAbandoned() const {
  return dataservice::IsAbandoned(operation_, std::chrono::system_clock::now());
}

void BatchTransaction::Execute() {
  // A repeated request is answered without writing anything first.
  if (work_.claim) {
    if (auto response = ClaimedResponse(connection_, operation_, false)) {
      if (operation_.execution != nullptr) ++operation_.execution->replays;
      return Complete(operation_, *std::move(response));
    }
  }
  RetryLimit limit{.retryable = RetryableOf(operation_.work), .statement = LimitOf(operation_)};
  Attempt attempt = RunWithRetry(connection_, limit, [&] { return Try(); });
  Complete(operation_, ResultOf(std::move(attempt), limit.runs.in_doubt));
}

absl::StatusOr<Outcome> BatchTransaction::ResultOf(Attempt attempt, bool in_doubt) const {
  if (auto* response = std::get_if<ResponseOutcome>(&attempt)) return std::move(*response);
  auto* error = std::get_if<SqlError>(&attempt);
  // What refuses the batch may be the rows that an earlier run, or an earlier request, has written.
  const bool may_be_done = in_doubt || error == nullptr || IsOfOneRow(error->kind);
  if (work_.claim && (may_be_done || !IsAbandoned())) {
    auto response = ClaimedResponse(connection_, operation_, may_be_done);
    if (response) return *std::move(response);
  }
  if (error == nullptr) return std::get<absl::Status>(std::move(attempt));
  return StatusOf(std::move(*error), in_doubt);
}

BatchTransaction::Attempt BatchTransaction::Try() {
  Transaction transaction(connection_, LimitOf(operation_));
  failed_chunk_ = kNoChunk;
  if (LocksFirst()) {
    const auto locked = Lock(transaction);
    if (const auto* error = std::get_if<SqlError>(&locked)) return *error;
  }
  std::vector<std::string> messages(work_.writes.size());
  size_t bytes = 0;
  for (size_t i = 0; i < chunks_.size(); ++i) {
    const auto result = Run(transaction, i, chunks_[i].size());
    if (const auto* error = std::get_if<SqlError>(&result)) {
      failed_chunk_ = i;
      return *error;
    }
    absl::Status status = ReadRows(i, std::get<QueryResult>(result), messages);
    if (!status.ok()) return status;
    for (const size_t write : chunks_[i]) bytes += messages[write].size();
    // While it can be rolled back.
    if (messages.size() > 1 && bytes > kMaxAnswerBytes) {
      return StatusOfLargeResponse(work_.elements_field);
    }
  }
  ResponseOutcome response{ResponseOf(messages)};
  if (work_.claim) {
    auto claimed = ClaimResponse(transaction, work_, response.message);
    if (auto* error = std::get_if<SqlError>(&claimed)) return std::move(*error);
    if (!std::get<bool>(claimed)) return DatabaseUnavailable();
  }
  // Nobody would get the response of the commit.
  if (IsAbandoned()) return SqlError{.kind = SqlErrorKind::kCancelled};
  if (auto error = transaction.Commit()) return *std::move(error);
  return response;
}

Connection::Result BatchTransaction::Lock(Transaction& transaction) const {
  std::vector<const Values*> values;
  for (const WriteWork& write : work_.writes) values.push_back(&write.values);
  return transaction.Run(work_.lock->text, BindParameters(*work_.lock, values));
}

Connection::Result BatchTransaction::Run(Transaction& transaction, size_t chunk,
                                         size_t writes) const {
  std::vector<const Values*> values;
  for (size_t i = 0; i < writes; ++i) {
    values.push_back(&work_.writes[chunks_[chunk][i]].values);
  }
  const Statement& statement = *work_.writes[chunks_[chunk].front()].statement;
  return transaction.Run(statement.text, BindParameters(statement, values));
}

absl::Status BatchTransaction::ReadRows(size_t chunk, const QueryResult& rows,
                                        std::vector<std::string>& messages) const {
  const KeyedRows keyed(*work_.writes[chunks_[chunk].front()].statement, rows);
  size_t first = work_.writes.size();
  absl::Status bad;
  for (const size_t write : chunks_[chunk]) {
    auto row = keyed.OutcomeOf(work_.writes[write]);
    if (row.ok()) {
      messages[write] = std::move(row->message);
    } else if (write < first) {
      first = write;
      bad = row.status();
    }
  }
  return bad.ok() ? bad : OfElement(bad, ElementPath(work_.elements_field, first));
}

std::string BatchTransaction::ResponseOf(const std::vector<std::string>& messages) const {
  std::string response;
  if (work_.rows_field == 0) return response;
  for (const std::string& message : messages) AppendField(work_.rows_field, message, response);
  return response;
}

absl::Status BatchTransaction::StatusOf(SqlError error, bool in_doubt) const {
  if (!IsOfOneRow(error.kind)) return StatusOfError(operation_, error, in_doubt);
  const auto culprit = FindCulprit(error);
  columns_.Complete(error, LimitOf(operation_));
  if (culprit) {
    const ErrorSubject subject = SubjectOf(work_.writes[*culprit], operation_.deadline);
    return OfElement(StatusOfError(subject, error), ElementPath(work_.elements_field, *culprit));
  }
  // It is not known which element it was, so that the error names no field.
  ErrorSubject subject = SubjectOf(work_.writes.front(), operation_.deadline);
  subject.row_field = {};
  return StatusOfError(subject, error);
}

// By halves: log2(n) transactions for n writes, which are all rolled back.
std::optional<size_t> BatchTransaction::FindCulprit(SqlError& error) const {
  if (failed_chunk_ == kNoChunk) return std::nullopt;
  const Chunk& chunk = chunks_[failed_chunk_];
  size_t good = 0;  // so many of the first writes do not fail
  size_t bad = chunk.size();
  while (bad - good > 1) {
    if (IsAbandoned()) return std::nullopt;
    const size_t middle = good + (bad - good) / 2;
    auto probed = Probe(failed_chunk_, middle);
    if (!probed.has_value()) {
      good = middle;
    } else if (IsOfOneRow(probed->kind)) {
      bad = middle;
      error = *std::move(probed);
    } else {
      return std::nullopt;
    }
  }
  // A row that the write refers to, or that a trigger reads, may have changed between the
  // probes, which then lead to the wrong write: name none rather than that.
  const SqlErrorKind kind = error.kind;
  const bool certain = chunk.size() == 1 ||
                       (kind != SqlErrorKind::kReference && kind != SqlErrorKind::kRaised) ||
                       FailsAlone(chunk[bad - 1], kind);
  return certain ? std::optional(chunk[bad - 1]) : std::nullopt;
}

bool BatchTransaction::FailsAlone(size_t write, SqlErrorKind kind) const {
  const WriteWork& work = work_.writes[write];
  Transaction transaction(connection_, LimitOf(operation_));
  const Values* const values = &work.values;
  const auto result =
      transaction.Run(work.statement->text, BindParameters(*work.statement, {&values, 1}));
  const auto* error = std::get_if<SqlError>(&result);
  return error != nullptr && error->kind == kind;
}

std::optional<SqlError> BatchTransaction::Probe(size_t chunk, size_t writes) const {
  Transaction transaction(connection_, LimitOf(operation_));
  if (LocksFirst()) {
    const auto locked = Lock(transaction);
    if (const auto* error = std::get_if<SqlError>(&locked)) return *error;
  }
  for (size_t i = 0; i <= chunk; ++i) {
    const auto result = Run(transaction, i, i < chunk ? chunks_[i].size() : writes);
    if (const auto* error = std::get_if<SqlError>(&result)) return *error;
  }
  return std::nullopt;
}

}  // namespace dataservice
