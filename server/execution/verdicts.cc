#include "execution/verdicts.h"

#include "errors/errors.h"
#include "telemetry/log.h"

namespace dataservice {
namespace {

const std::string& NameOf(const Operation& operation) {
  return operation.statement->shape.resource->message->full_name();
}

absl::Status ImmutableChanged() {
  return InvalidArgument("", "a field that is IMMUTABLE differs from the stored one");
}

absl::Status PartAbsent() {
  return InvalidArgument(
      "",
      "a message of which the update names parts does not exist, and these parts "
      "alone do not obey its rules: give all that it requires");
}

absl::Status Logged(const Operation& operation, const SqlError& error) {
  const std::string id = NewLogId();
  LogError("statement_failed", {{"id", id},
                                {"resource", NameOf(operation)},
                                {"sqlstate", error.sqlstate},
                                {"error", LogText(error)}});
  return Internal(id);
}

}  // namespace

absl::Status StatusOfMissingRow(const Operation& operation) {
  if (!operation.if_missing.ok()) return operation.if_missing;
  switch (operation.statement->shape.kind) {
    case ShapeKind::kCreate:
      return operation.must_not_exist ? MustNotExist(NameOf(operation), operation.key)
                                      : AlreadyExists(NameOf(operation), operation.key);
    case ShapeKind::kUpsert:
      return ImmutableChanged();
    default:
      return operation.must_exist ? EtagMismatch(NameOf(operation), operation.key)
                                  : NotFound(NameOf(operation), operation.key);
  }
}

absl::Status StatusOfVerdict(const Operation& operation, std::string_view verdict) {
  if (verdict == "ok") return absl::OkStatus();
  if (verdict == "etag") return EtagMismatch(NameOf(operation), operation.key);
  if (verdict == "absent") return PartAbsent();
  return ImmutableChanged();
}

absl::Status StatusOfUnreadableRow(const Operation& operation, const std::string& column) {
  const std::string id = NewLogId();
  LogError(
      "unreadable_row",
      {{"id", id}, {"resource", NameOf(operation)}, {"column", column}, {"key", operation.key}});
  return Internal(id);
}

absl::Status StatusOfError(const Operation& operation, const SqlError& error) {
  const bool deletes = operation.statement->shape.kind == ShapeKind::kDelete;
  switch (error.kind) {
    case SqlErrorKind::kReference:
      return deletes ? StillReferenced(NameOf(operation), "")
                     : ReferenceMissing(NameOf(operation), "");
    case SqlErrorKind::kUnique:
      return UniqueBroken(NameOf(operation), "");
    case SqlErrorKind::kValue:
      // The rules were checked before: the database has one that the contract
      // lacks, or a value is too large for an index.
      LogWarning(
          "row_refused",
          {{"resource", NameOf(operation)}, {"sqlstate", error.sqlstate}, {"error", error.text}});
      return InvalidArgument("", "the database refuses a value of the row");
    case SqlErrorKind::kTimedOut:
      return StatementTimedOut();
    case SqlErrorKind::kLocked:
      return RowLocked(NameOf(operation), operation.key);
    case SqlErrorKind::kLost:
      return operation.retryable == Retryable::kYes ? DatabaseUnavailable() : OutcomeUnknown();
    case SqlErrorKind::kUnavailable:
    case SqlErrorKind::kRolledBack:
      return DatabaseUnavailable();
    case SqlErrorKind::kOther:
      break;
  }
  return Logged(operation, error);
}

}  // namespace dataservice
