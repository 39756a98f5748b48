#include "serve/execution/keyed_rows.h"

#include <utility>

#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/execution/verdicts.h"
#include "serve/values/wire.h"

namespace dataservice {
KeyedRows::KeyedRows(const Statement& statement, const QueryResult& rows)
    : statement_(statement), rows_(rows), writer_(statement) {
  by_key_.reserve(static_cast<size_t>(rows_.size()));
  for (int i = 0; i < rows_.size(); ++i) {
    by_key_.emplace(rows_[i].text(statement_.key_column), i);
  }
}

absl::StatusOr<Outcome> KeyedRows::OutcomeOf(const Operation& operation) const {
  const auto found = by_key_.find(operation.key);
  if (found == by_key_.end()) {
    // Claimed, it has a row in the result, unless its request_id was claimed before.
    if (operation.allow_missing && !operation.claim) return Outcome();
    return StatusOfMissingRow(operation);
  }
  const ResultRow row = rows_[found->second];
  const ShapeKind kind = statement_.shape.kind;
  if (kind == ShapeKind::kUpdate || kind == ShapeKind::kDelete) {
    absl::Status status = StatusOfVerdict(operation, row.text(1));
    if (!status.ok()) return status;
  }
  Outcome outcome;
  outcome.created =
      kind == ShapeKind::kCreate || (kind == ShapeKind::kUpsert && row.text(1) == "t");
  std::string column;
  if (statement_.first_column >= 0 &&
      !writer_.Append(row, statement_.first_column, outcome.bytes, column)) {
    return StatusOfUnreadableRow(operation, operation.key, column);
  }
  return outcome;
}

absl::StatusOr<Outcome> KeyedRows::OutcomeOfParts(const Operation& operation) const {
  Outcome all;
  for (size_t i = 0; i < operation.parts.size(); ++i) {
    const auto outcome = OutcomeOf(*operation.parts[i]);
    if (!outcome.ok()) return OfElement(outcome.status(), operation.PartPath(i));
    AppendField(operation.rows_field, outcome->bytes, all.bytes);
    if (i > 0 && all.bytes.size() > kMaxAnswerBytes) return StatusOfLargeAnswer(operation);
  }
  return all;
}

}  // namespace dataservice
