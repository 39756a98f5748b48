#include "serve/execution/batch_claim.h"

#include "absl/strings/escaping.h"
#include "postgres/text.h"
#include "serve/errors/errors.h"
#include "serve/execution/retry.h"
#include "serve/execution/verdicts.h"
#include "serve/sql/claim.h"

namespace dataservice {
namespace {

const std::string& SchemaOf(const Operation& operation) {
  return operation.statement->shape.resource->schema;
}

}  // namespace

std::optional<SqlError> ClaimResponse(Transaction& transaction, const Operation& operation,
                                      const std::string& response) {
  const auto result = transaction.Run(ClaimResponseText(SchemaOf(operation)),
                                      {operation.claim->request_id, "\\x" + operation.claim->digest,
                                       absl::BytesToHexString(response)});
  if (const auto* error = std::get_if<SqlError>(&result)) return *error;
  if (std::get<QueryResult>(result).affected_rows() == 1) return std::nullopt;
  return SqlError{.kind = SqlErrorKind::kUnavailable};
}

std::optional<absl::StatusOr<Outcome>> ClaimedResponse(Connection& connection,
                                                       Operation& operation) {
  Operation* const self = &operation;
  for (int attempt = 1;; ++attempt) {
    const auto result = connection.Run(ClaimedResponseText(SchemaOf(operation)),
                                       {operation.claim->request_id}, operation.deadline + kGrace);
    if (const auto* error = std::get_if<SqlError>(&result)) {
      if (MayRunAgain({&self, 1}, error->kind, attempt)) continue;
      return StatusOfError(operation, *error);
    }
    const auto& rows = std::get<QueryResult>(result);
    if (rows.empty()) return std::nullopt;
    if (rows[0].text(0) != operation.claim->digest || rows[0].is_null(1)) {
      return RequestIdReused(operation.claim->request_id);
    }
    Outcome outcome;
    outcome.bytes = absl::HexStringToBytes(View(rows[0].text(1)));
    return outcome;
  }
}

}  // namespace dataservice
