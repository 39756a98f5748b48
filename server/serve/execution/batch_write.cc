#include "serve/execution/batch_write.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/execution/batch_claim.h"
#include "serve/execution/keyed_rows.h"
#include "serve/execution/queue.h"
#include "serve/execution/retry.h"
#include "serve/execution/verdicts.h"
#include "serve/sql/parameters.h"
#include "serve/sql/row_writer.h"
#include "serve/values/wire.h"

namespace dataservice {
namespace {

constexpr size_t kNoChunk = SIZE_MAX;

}  // namespace

BatchWrite::BatchWrite(Connection& connection, ConstraintColumns& columns, Operation& operation)
    : connection_(connection), columns_(columns), operation_(operation) {
  MakeChunks();
}

void BatchWrite::MakeChunks() {
  absl::flat_hash_map<const Statement*, size_t> known;
  std::vector<Chunk> groups;
  for (size_t i = 0; i < operation_.parts.size(); ++i) {
    const auto [group, added] = known.emplace(operation_.parts[i]->statement.get(), groups.size());
    if (added) groups.emplace_back();
    groups[group->second].push_back(i);
  }
  for (Chunk& group : groups) {
    std::sort(group.begin(), group.end(), [&](size_t a, size_t b) {
      return operation_.parts[a]->key < operation_.parts[b]->key;
    });
    size_t bytes = kMaxStatementBytes;
    for (const size_t part : group) {
      const size_t more = operation_.parts[part]->values.bytes();
      if (bytes + more > kMaxStatementBytes) {
        chunks_.emplace_back();
        bytes = 0;
      }
      chunks_.back().push_back(part);
      bytes += more;
    }
  }
}

// An update and a deletion lock their own rows in key order. Several statements
// together, and an upsert, would lock theirs in an order of their own, and
// deadlock with another batch.
bool BatchWrite::LocksFirst() const {
  const auto kind_of = [&](const Chunk& chunk) {
    return operation_.parts[chunk.front()]->statement->shape.kind;
  };
  return std::any_of(chunks_.begin(), chunks_.end(), [&](const Chunk& chunk) {
    const ShapeKind kind = kind_of(chunk);
    return kind == ShapeKind::kUpsert || (kind != ShapeKind::kCreate && chunks_.size() > 1);
  });
}

bool BatchWrite::IsOver() const {
  return operation_.completion->cancelled() ||
         operation_.deadline <= std::chrono::system_clock::now();
}

void BatchWrite::Execute() {
  // A repeated request is answered without writing anything first.
  if (operation_.claim) {
    if (auto answer = ClaimedResponse(connection_, operation_)) return Answer(*std::move(answer));
  }
  for (int attempt = 1;; ++attempt) {
    Attempt result = Try();
    const auto* failure = std::get_if<Failure>(&result);
    Operation* const self = &operation_;
    if (failure != nullptr && MayRunAgain({&self, 1}, failure->error.kind, attempt) && !IsOver()) {
      continue;
    }
    return Answer(Conclude(std::move(result)));
  }
}

void BatchWrite::Answer(absl::StatusOr<Outcome> outcome) {
  if (outcome.ok()) {
    operation_.completion->Succeed(operation_, *std::move(outcome));
  } else {
    operation_.completion->Fail(operation_, outcome.status());
  }
}

absl::StatusOr<Outcome> BatchWrite::Conclude(Attempt result) const {
  if (auto* outcome = std::get_if<Outcome>(&result)) return std::move(*outcome);
  if (operation_.claim && !IsOver()) {
    if (auto answer = ClaimedResponse(connection_, operation_)) return *std::move(answer);
  }
  if (auto* status = std::get_if<absl::Status>(&result)) return std::move(*status);
  return StatusOf(std::move(std::get<Failure>(result)));
}

BatchWrite::Attempt BatchWrite::Try() {
  Transaction transaction(connection_, operation_.deadline + kGrace);
  if (LocksFirst()) {
    const auto locked = Lock(transaction);
    if (const auto* error = std::get_if<SqlError>(&locked)) return Failure{*error, kNoChunk};
  }
  std::vector<std::string> bytes(operation_.parts.size());
  size_t answer = 0;
  for (size_t i = 0; i < chunks_.size(); ++i) {
    const auto result = Run(transaction, i, chunks_[i].size());
    if (const auto* error = std::get_if<SqlError>(&result)) return Failure{*error, i};
    absl::Status status = Judge(i, std::get<QueryResult>(result), bytes);
    if (!status.ok()) return status;
    for (const size_t part : chunks_[i]) answer += bytes[part].size();
    // While it can be undone.
    if (bytes.size() > 1 && answer > kMaxAnswerBytes) return StatusOfLargeAnswer(operation_);
  }
  Outcome outcome;
  for (size_t i = 0; operation_.rows_field != 0 && i < bytes.size(); ++i) {
    AppendField(operation_.rows_field, bytes[i], outcome.bytes);
  }
  if (operation_.claim) {
    auto error = ClaimResponse(transaction, operation_, outcome.bytes);
    if (error) return Failure{*std::move(error), kNoChunk};
  }
  // Nobody would learn that it was committed.
  if (IsOver()) return StatusOfOver(operation_);
  if (auto error = transaction.Commit()) return Failure{*std::move(error), kNoChunk};
  return outcome;
}

Connection::Result BatchWrite::Lock(Transaction& transaction) const {
  std::vector<const Values*> values;
  for (const auto& part : operation_.parts) values.push_back(&part->values);
  const Statement& statement = *operation_.statement;
  return transaction.Run(statement.text, BindParameters(statement, values));
}

Connection::Result BatchWrite::Run(Transaction& transaction, size_t chunk, size_t parts) const {
  std::vector<const Values*> values;
  for (size_t i = 0; i < parts; ++i) {
    values.push_back(&operation_.parts[chunks_[chunk][i]]->values);
  }
  const Statement& statement = *operation_.parts[chunks_[chunk].front()]->statement;
  return transaction.Run(statement.text, BindParameters(statement, values));
}

absl::Status BatchWrite::Judge(size_t chunk, const QueryResult& rows,
                               std::vector<std::string>& bytes) const {
  const KeyedRows keyed(*operation_.parts[chunks_[chunk].front()]->statement, rows);
  size_t first = operation_.parts.size();
  absl::Status bad;
  for (const size_t part : chunks_[chunk]) {
    auto outcome = keyed.OutcomeOf(*operation_.parts[part]);
    if (outcome.ok()) {
      bytes[part] = std::move(outcome->bytes);
    } else if (part < first) {
      first = part;
      bad = outcome.status();
    }
  }
  return bad.ok() ? bad : OfElement(bad, operation_.PartPath(first));
}

absl::Status BatchWrite::StatusOf(Failure failure) const {
  const bool late = operation_.deadline <= std::chrono::system_clock::now();
  if (late && failure.error.kind == SqlErrorKind::kLost) return DeadlineExceededOutcomeUnknown();
  if (late && failure.error.kind == SqlErrorKind::kUnavailable) return DeadlineExceeded();
  if (!IsPoison(failure.error.kind)) return StatusOfError(operation_, failure.error);
  const auto culprit = FindCulprit(failure);
  columns_.Complete(failure.error, operation_.deadline + kGrace);
  if (culprit) {
    const Operation& part = *operation_.parts[*culprit];
    return OfElement(StatusOfError(part, failure.error), operation_.PartPath(*culprit));
  }
  // Of nobody knows which element: no field is named.
  operation_.parts.front()->row_field = {};
  return StatusOfError(*operation_.parts.front(), failure.error);
}

// By halves: of n parts, log2(n) transactions that are undone.
std::optional<size_t> BatchWrite::FindCulprit(Failure& failure) const {
  if (failure.chunk == kNoChunk) return std::nullopt;
  const Chunk& chunk = chunks_[failure.chunk];
  size_t good = 0;  // as many of the first parts do not fail
  size_t bad = chunk.size();
  while (bad - good > 1) {
    if (IsOver()) return std::nullopt;
    const size_t middle = good + (bad - good) / 2;
    auto error = Probe(failure.chunk, middle);
    if (!error.has_value()) {
      good = middle;
    } else if (IsPoison(error->kind)) {
      bad = middle;
      failure.error = *std::move(error);
    } else {
      return std::nullopt;
    }
  }
  // What the part refers to, or a trigger looks at, may have come and gone between the
  // probes, so that they lead to a wrong one; nobody is named rather than that.
  const SqlErrorKind kind = failure.error.kind;
  const bool certain = chunk.size() == 1 ||
                       (kind != SqlErrorKind::kReference && kind != SqlErrorKind::kRaised) ||
                       FailsAlone(chunk[bad - 1], kind);
  return certain ? std::optional(chunk[bad - 1]) : std::nullopt;
}

bool BatchWrite::FailsAlone(size_t part, SqlErrorKind kind) const {
  const Operation& operation = *operation_.parts[part];
  Transaction transaction(connection_, operation_.deadline + kGrace);
  const Values* const values = &operation.values;
  const auto result = transaction.Run(operation.statement->text,
                                      BindParameters(*operation.statement, {&values, 1}));
  const auto* error = std::get_if<SqlError>(&result);
  return error != nullptr && error->kind == kind;
}

std::optional<SqlError> BatchWrite::Probe(size_t chunk, size_t parts) const {
  Transaction transaction(connection_, operation_.deadline + kGrace);
  if (LocksFirst()) {
    const auto locked = Lock(transaction);
    if (const auto* error = std::get_if<SqlError>(&locked)) return *error;
  }
  for (size_t i = 0; i <= chunk; ++i) {
    const auto result = Run(transaction, i, i < chunk ? chunks_[i].size() : parts);
    if (const auto* error = std::get_if<SqlError>(&result)) return *error;
  }
  return std::nullopt;
}

}  // namespace dataservice
