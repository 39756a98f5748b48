#include "serve/execution/claims.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "postgres/literals.h"
#include "serve/errors/errors.h"
#include "serve/execution/retry.h"
#include "serve/execution/verdicts.h"
#include "serve/sql/claim.h"
#include "serve/sql/row_writer.h"

namespace dataservice {
namespace {

Connection::Result ReadClaims(Connection& connection, std::span<Operation* const> operations) {
  std::string ids;
  ArrayLiteral array(ids, true);
  for (const Operation* operation : operations) array.Add(operation->claim->request_id);
  array.Finish();
  for (int attempt = 1;; ++attempt) {
    auto result = connection.Run(operations.front()->statement->claims_text, {ids},
                                 LatestDeadline(operations) + kGrace);
    const auto* error = std::get_if<SqlError>(&result);
    if (error == nullptr || !MayRunAgain(operations, error->kind, attempt)) return result;
  }
}

void AnswerOfClaim(Operation& operation, ResultRow row) {
  if (row.text(1) != operation.claim->digest) {
    operation.completion->Fail(operation, RequestIdReused(operation.claim->request_id));
    return;
  }
  const Shape& shape = operation.statement->shape;
  Outcome outcome;
  outcome.created = row.text(2) == "true";
  std::string column;
  if (shape.kind != ShapeKind::kDelete &&
      !RowWriter(*operation.statement).Append(row, kClaimedFirstColumn, outcome.bytes, column)) {
    operation.completion->Fail(operation, StatusOfUnreadableRow(operation, operation.key, column));
    return;
  }
  operation.completion->Succeed(operation, std::move(outcome));
}

}  // namespace

std::vector<Operation*> AnswerClaimed(Connection& connection,
                                      std::span<Operation* const> operations) {
  const auto result = ReadClaims(connection, operations);
  if (const auto* error = std::get_if<SqlError>(&result)) {
    for (Operation* operation : operations) {
      operation->completion->Fail(*operation, StatusOfError(*operation, *error));
    }
    return {};
  }
  const auto& rows = std::get<QueryResult>(result);
  absl::flat_hash_map<std::string_view, int> by_id;
  for (int i = 0; i < rows.size(); ++i) by_id.emplace(rows[i].text(0), i);
  std::vector<Operation*> others;
  for (Operation* operation : operations) {
    const auto found = by_id.find(operation->claim->request_id);
    if (found == by_id.end()) {
      others.push_back(operation);
    } else {
      AnswerOfClaim(*operation, rows[found->second]);
    }
  }
  return others;
}

}  // namespace dataservice
