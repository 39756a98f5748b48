#include "serve/execution/keyed_rows.h"

#include <utility>

#include "engine_limits.h"
#include "serve/errors/errors.h"
#include "serve/execution/row_status.h"
#include "serve/values/wire.h"

namespace dataservice {

KeyedRows::KeyedRows(const Statement& statement, const QueryResult& rows)
    : statement_(statement), rows_(rows), writer_(statement) {
  by_key_.reserve(static_cast<size_t>(rows_.size()));
  for (int i = 0; i < rows_.size(); ++i) {
    const std::string_view owner =
        statement_.owner_column < 0 ? std::string_view() : rows_[i].text(statement_.owner_column);
    const std::string_view key = rows_[i].text(statement_.key_column);
    const bool is_new = by_key_.emplace(RowKey(key, owner), i).second;
    // A statement with owners returns the row of each of its operations, so that two reads of a row
    // return it twice. Of keys alone, it returns each row once.
    if (!is_new && statement_.owner_column < 0) several_.insert(key);
  }
}

std::optional<ResultRow> KeyedRows::Find(const auto& work) const {
  const auto found = by_key_.find(RowKey(work.key, work.owner));
  if (found == by_key_.end()) return std::nullopt;
  return rows_[found->second];
}

absl::Status KeyedRows::Append(ResultRow row, std::string_view key, std::string& message) const {
  std::string column;
  if (statement_.first_column < 0 ||
      writer_.Append(row, statement_.first_column, message, column)) {
    return absl::OkStatus();
  }
  return StatusOfUnreadableRow(ResourceOf(statement_.shape), key, column);
}

absl::StatusOr<RowOutcome> KeyedRows::OutcomeOf(const ReadWork& work) const {
  const auto row = Find(work);
  if (!row) return StatusOfMissingRow(work);
  if (several_.contains(work.key)) {
    return KeyOfSeveralOwners(ResourceOf(statement_.shape).message->full_name(), work.key);
  }
  RowOutcome outcome;
  absl::Status status = Append(*row, work.key, outcome.message);
  if (!status.ok()) return status;
  return outcome;
}

absl::StatusOr<RowOutcome> KeyedRows::OutcomeOf(const WriteWork& work) const {
  const auto row = Find(work);
  if (!row) {
    // A claimed deletion has a row in the result, unless its request_id was claimed before.
    if (work.allow_missing && !work.claim) return RowOutcome();
    return StatusOfMissingRow(work);
  }
  if (statement_.verdict_column >= 0) {
    absl::Status status = StatusOfVerdict(work, row->text(statement_.verdict_column));
    if (!status.ok()) return status;
  }
  RowOutcome outcome;
  outcome.created = statement_.inserted_column >= 0
                        ? row->text(statement_.inserted_column) == "t"
                        : std::holds_alternative<CreateShape>(statement_.shape);
  absl::Status status = Append(*row, work.key, outcome.message);
  if (!status.ok()) return status;
  return outcome;
}

absl::StatusOr<ResponseOutcome> KeyedRows::OutcomeOf(const BatchReadWork& work) const {
  ResponseOutcome all;
  for (size_t i = 0; i < work.reads.size(); ++i) {
    const auto row = OutcomeOf(work.reads[i]);
    if (!row.ok()) return OfElement(row.status(), ElementPath(work.elements_field, i));
    AppendField(work.rows_field, row->message, all.message);
    if (i > 0 && all.message.size() > kMaxAnswerBytes) {
      return StatusOfLargeResponse(work.elements_field);
    }
  }
  return all;
}

}  // namespace dataservice
