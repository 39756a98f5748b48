#include "execution/batch_claim.h"

#include "absl/strings/escaping.h"
#include "errors/errors.h"
#include "execution/retry.h"
#include "execution/verdicts.h"
#include "sql/claim.h"
#include "sql/row_writer.h"

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
  return std::nullopt;
}

std::optional<absl::StatusOr<Outcome>> ClaimedResponse(Connection& connection,
                                                       const Operation& operation) {
  const auto result = connection.Run(ClaimedResponseText(SchemaOf(operation)),
                                     {operation.claim->request_id}, operation.deadline + kGrace);
  if (const auto* error = std::get_if<SqlError>(&result)) return StatusOfError(operation, *error);
  const auto& rows = std::get<pqxx::result>(result);
  if (rows.empty()) return std::nullopt;
  if (TextOf(rows[0], 0) != operation.claim->digest || rows[0][1].is_null()) {
    return RequestIdReused(operation.claim->request_id);
  }
  Outcome outcome;
  outcome.bytes = absl::HexStringToBytes(rows[0][1].c_str());
  return outcome;
}

}  // namespace dataservice
