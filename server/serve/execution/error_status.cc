#include "serve/execution/error_status.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "log.h"
#include "postgres/text.h"
#include "serve/errors/errors.h"
#include "serve/execution/retry.h"
#include "serve/execution/row_status.h"

namespace dataservice {
namespace {

std::string NameOf(const ErrorSubject& subject) {
  return subject.resource == nullptr ? "row" : subject.resource->message->full_name();
}

// The columns of the resource that an error is about.
std::vector<int> ColumnsOf(const ErrorSubject& subject, const SqlError& error) {
  std::vector<int> columns;
  if (subject.resource == nullptr || subject.row_field.empty()) return columns;
  const Resource& resource = *subject.resource;
  // An error of a trigger or function may name a column without its table.
  const bool own =
      error.table.empty() || (error.schema == resource.schema && error.table == resource.table);
  if (!own) return columns;
  for (const std::string& name : error.columns) {
    // No request has the owner, which is part of each constraint over several rows.
    const int i = resource.Find(name);
    if (i >= 0 && i != resource.owner) columns.push_back(i);
  }
  return columns;
}

// The request's fields that an error is about: those of the columns, or else the row's.
FieldPaths FieldsOf(const ErrorSubject& subject, const SqlError& error) {
  FieldPaths fields;
  for (const int i : ColumnsOf(subject, error)) {
    fields.push_back(absl::StrCat(View(subject.row_field), ".", subject.resource->column(i).name));
  }
  if (fields.empty() && !subject.row_field.empty()) fields.emplace_back(subject.row_field);
  return fields;
}

absl::Status ReferenceMissingOf(const ErrorSubject& subject, const SqlError& error) {
  const std::vector<int> columns = ColumnsOf(subject, error);
  std::string_view target;
  if (columns.size() == 1) {
    const auto& reference = subject.resource->column(columns.front()).reference;
    if (reference) target = reference->resource->message->full_name();
  }
  return ReferenceMissing(NameOf(subject), FieldsOf(subject, error), target);
}

std::vector<std::string> WithoutOwner(const Resource& resource, std::vector<std::string> columns) {
  if (resource.has_owner()) std::erase(columns, resource.owner_column().name);
  return columns;
}

absl::Status StillReferencedOf(const ErrorSubject& subject, const SqlError& error) {
  for (const Referrer& referrer : subject.resource->referrers) {
    const Column& column = referrer.resource->column(referrer.column);
    if (error.schema == referrer.resource->schema && error.table == referrer.resource->table &&
        WithoutOwner(*referrer.resource, error.columns) == std::vector{column.name}) {
      return StillReferenced(NameOf(subject), column.field->full_name());
    }
  }
  return StillReferenced(NameOf(subject), "");
}

// The rules of the contract were checked before: the database has a rule that the contract
// lacks, or a value is too large for an index.
absl::Status ValueRefused(const ErrorSubject& subject, const SqlError& error) {
  LogWarning("row_refused", {{"resource", NameOf(subject)},
                             {"sqlstate", error.sqlstate},
                             {"table", error.table},
                             {"constraint", error.constraint},
                             {"columns", absl::StrJoin(error.columns, ", ")},
                             {"error", LogText(error)}});
  return InvalidFields(FieldsOf(subject, error), "the database refuses the value");
}

// Returns the id of the entry.
std::string Log(const ErrorSubject& subject, const SqlError& error) {
  std::string id = NewLogId();
  LogError("statement_failed", {{"id", id},
                                {"resource", NameOf(subject)},
                                {"sqlstate", error.sqlstate},
                                {"error", LogText(error)}});
  return id;
}

absl::Status NothingDone(bool late) { return late ? DeadlineExceeded() : DatabaseUnavailable(); }

absl::Status MayBeDone(bool late) {
  return late ? DeadlineExceededOutcomeUnknown() : OutcomeUnknown();
}

// A custom method may write.
bool IsRead(const Work& work) {
  return !std::holds_alternative<WriteWork>(work) &&
         !std::holds_alternative<BatchWriteWork>(work) && !std::holds_alternative<CustomWork>(work);
}

}  // namespace

ErrorSubject SubjectOf(const WriteWork& write, Operation::TimePoint deadline) {
  const Shape& shape = write.statement->shape;
  return {.resource = &ResourceOf(shape),
          .key = write.key,
          .row_field = write.row_field,
          .deletes = std::holds_alternative<DeleteShape>(shape),
          .deadline = deadline};
}

ErrorSubject SubjectOf(const Operation& operation) {
  if (const auto* write = std::get_if<WriteWork>(&operation.work)) {
    return SubjectOf(*write, operation.deadline);
  }
  ErrorSubject subject{.harmless = IsRead(operation.work), .deadline = operation.deadline};
  if (const Statement* statement = StatementOf(operation.work)) {
    subject.resource = &ResourceOf(statement->shape);
  }
  if (const auto* read = std::get_if<ReadWork>(&operation.work)) subject.key = read->key;
  return subject;
}

absl::Status StatusOfError(const ErrorSubject& subject, const SqlError& error) {
  const bool late = subject.deadline <= std::chrono::system_clock::now();
  if (subject.in_doubt && !IsOfOneRow(error.kind)) {
    if (error.kind == SqlErrorKind::kOther) Log(subject, error);
    return MayBeDone(late);
  }
  switch (error.kind) {
    case SqlErrorKind::kReference:
      return subject.deletes ? StillReferencedOf(subject, error)
                             : ReferenceMissingOf(subject, error);
    case SqlErrorKind::kUnique:
      return error.sqlstate == sqlstate::kExclusionViolation
                 ? Excluded(NameOf(subject), FieldsOf(subject, error))
                 : UniqueBroken(NameOf(subject), FieldsOf(subject, error));
    case SqlErrorKind::kValue:
      return ValueRefused(subject, error);
    case SqlErrorKind::kRaised:
      return DatabaseRule(NameOf(subject), FieldsOf(subject, error), error.message, error.hint,
                          error.sqlstate);
    case SqlErrorKind::kTimedOut:
      return StatementTimedOut();
    case SqlErrorKind::kLocked:
      return RowLocked(NameOf(subject), subject.key);
    case SqlErrorKind::kLost:
      return subject.harmless ? NothingDone(late) : MayBeDone(late);
    case SqlErrorKind::kUnavailable:
    case SqlErrorKind::kCancelled:
      return NothingDone(late);
    case SqlErrorKind::kRolledBack:
      return DatabaseUnavailable();
    case SqlErrorKind::kOther:
      break;
  }
  return Internal(Log(subject, error));
}

absl::Status StatusOfError(const Operation& operation, const SqlError& error, bool in_doubt) {
  ErrorSubject subject = SubjectOf(operation);
  subject.in_doubt = in_doubt && !subject.harmless;
  if (error.kind == SqlErrorKind::kCancelled && !subject.in_doubt &&
      IsAbandoned(operation, std::chrono::system_clock::now())) {
    return StatusOfAbandoned(operation);
  }
  return StatusOfError(subject, error);
}

}  // namespace dataservice
