#include "serve/execution/batch_claim.h"

#include "absl/strings/escaping.h"
#include "postgres/text.h"
#include "serve/errors/errors.h"
#include "serve/execution/error_status.h"
#include "serve/execution/retry.h"
#include "serve/sql/claim.h"

namespace dataservice {
namespace {

const std::string& SchemaOf(const BatchWriteWork& work) {
  return ResourceOf(work.lock->shape).schema;
}

}  // namespace

std::variant<bool, SqlError> ClaimResponse(Transaction& transaction, const BatchWriteWork& work,
                                           const std::string& response) {
  const auto result = transaction.Run(
      ClaimResponseText(SchemaOf(work)),
      {work.claim->stored_id, "\\x" + work.claim->digest, absl::BytesToHexString(response)});
  if (const auto* error = std::get_if<SqlError>(&result)) return *error;
  return std::get<QueryResult>(result).affected_rows() == 1;
}

std::optional<absl::StatusOr<ResponseOutcome>> ClaimedResponse(Connection& connection,
                                                               const Operation& operation,
                                                               bool in_doubt) {
  const auto& work = std::get<BatchWriteWork>(operation.work);
  const Claim& claim = *work.claim;
  RetryLimit limit{.retryable = Retryable::kYes, .statement = LimitOf(operation)};
  const auto result = RunWithRetry(connection, limit, [&] {
    return connection.Run(ClaimedResponseText(SchemaOf(work)), {claim.stored_id}, limit.statement);
  });
  if (const auto* error = std::get_if<SqlError>(&result)) {
    return StatusOfError(operation, *error, in_doubt);
  }
  const auto& rows = std::get<QueryResult>(result);
  if (rows.empty()) return std::nullopt;
  if (rows[0].text(0) != claim.digest || rows[0].is_null(1)) {
    return RequestIdReused(claim.request_id);
  }
  return ResponseOutcome{.message = absl::HexStringToBytes(View(rows[0].text(1)))};
}

}  // namespace dataservice
