#include "serve/execution/claims.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "postgres/literals.h"
#include "serve/errors/errors.h"
#include "serve/execution/error_status.h"
#include "serve/execution/retry.h"
#include "serve/execution/row_status.h"
#include "serve/sql/claim.h"
#include "serve/sql/row_writer.h"

namespace dataservice {
namespace {

const WriteWork& WriteOf(const Operation& operation) { return std::get<WriteWork>(operation.work); }

Connection::Result ReadClaims(Connection& connection, std::span<Operation* const> operations) {
  std::string ids;
  ArrayLiteral array(ids, true);
  for (const Operation* operation : operations) array.Add(WriteOf(*operation).claim->stored_id);
  array.Finish();
  const Statement& statement = *WriteOf(*operations.front()).statement;
  RetryLimit limit{.retryable = Retryable::kYes, .statement = LimitOf(operations)};
  return RunWithRetry(connection, limit, [&] {
    return connection.Run(statement.claims_text, {ids}, limit.statement);
  });
}

absl::StatusOr<Outcome> OutcomeOfClaim(const WriteWork& work, ResultRow row) {
  if (row.text(1) != work.claim->digest) return RequestIdReused(work.claim->request_id);
  const Statement& statement = *work.statement;
  RowOutcome outcome;
  outcome.created = row.text(2) == "true";
  std::string column;
  if (!std::holds_alternative<DeleteShape>(statement.shape) &&
      !RowWriter(statement).Append(row, kClaimedFirstColumn, outcome.message, column)) {
    return StatusOfUnreadableRow(ResourceOf(statement.shape), work.key, column);
  }
  return outcome;
}

}  // namespace

std::vector<Operation*> AnswerClaimed(Connection& connection,
                                      std::span<Operation* const> operations) {
  const auto result = ReadClaims(connection, operations);
  if (const auto* error = std::get_if<SqlError>(&result)) {
    for (Operation* operation : operations) {
      operation->completion->Fail(*operation, StatusOfError(*operation, *error, true));
    }
    return {};
  }
  const auto& rows = std::get<QueryResult>(result);
  absl::flat_hash_map<std::string_view, int> by_id;
  for (int i = 0; i < rows.size(); ++i) by_id.emplace(rows[i].text(0), i);
  std::vector<Operation*> others;
  for (Operation* operation : operations) {
    const WriteWork& work = WriteOf(*operation);
    const auto found = by_id.find(work.claim->stored_id);
    if (found == by_id.end()) {
      others.push_back(operation);
    } else {
      if (operation->execution != nullptr) ++operation->execution->replays;
      Complete(*operation, OutcomeOfClaim(work, rows[found->second]));
    }
  }
  return others;
}

}  // namespace dataservice
