#include "serve/execution/verdicts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "contract/rules/violation.h"
#include "engine_limits.h"
#include "log.h"
#include "postgres/text.h"
#include "serve/errors/errors.h"

namespace dataservice {
namespace {

const std::string& NameOf(const Operation& operation) {
  return operation.statement->shape.resource->message->full_name();
}

FieldPaths PathsOf(const Operation& operation, const std::vector<int>& columns) {
  FieldPaths paths;
  for (const int i : columns) {
    const Resource& resource = *operation.statement->shape.resource;
    paths.push_back(absl::StrCat(View(operation.row_field), ".", resource.column(i).name));
  }
  return paths;
}

// The request's fields that an error is about: those of the columns that the contract has,
// if it is about the operation's own table; else, of a write, its row.
std::vector<int> ColumnsOf(const Operation& operation, const SqlError& error) {
  const Resource& resource = *operation.statement->shape.resource;
  std::vector<int> columns;
  // An author names a column without its table.
  const bool own =
      error.table.empty() || (error.schema == resource.schema && error.table == resource.table);
  if (!own || operation.row_field.empty()) return columns;
  for (const std::string& name : error.columns) {
    if (const int i = resource.Find(name); i >= 0) columns.push_back(i);
  }
  return columns;
}

FieldPaths FieldsOf(const Operation& operation, const SqlError& error) {
  FieldPaths fields = PathsOf(operation, ColumnsOf(operation, error));
  if (fields.empty() && !operation.row_field.empty()) fields.emplace_back(operation.row_field);
  return fields;
}

// One description for all fields; for none, for the request.
absl::Status InvalidFields(const FieldPaths& fields, const char* description) {
  if (fields.empty()) return InvalidArgument("", description);
  std::vector<Violation> violations(fields.size());
  for (size_t i = 0; i < fields.size(); ++i) {
    violations[i].field = fields[i];
    violations[i].description = description;
  }
  return InvalidArgument(violations);
}

absl::Status ImmutableChanged(const Operation& operation, const std::vector<int>& columns) {
  return InvalidFields(PathsOf(operation, columns),
                       "is IMMUTABLE and differs from the stored value");
}

std::vector<int> ImmutableOf(const Resource& resource, const std::vector<int>& columns) {
  std::vector<int> immutable;
  for (const int i : columns) {
    if (resource.column(i).immutable) immutable.push_back(i);
  }
  return immutable;
}

absl::Status ReferenceMissingOf(const Operation& operation, const SqlError& error) {
  const std::vector<int> columns = ColumnsOf(operation, error);
  std::string_view target;
  if (columns.size() == 1) {
    const auto& reference = operation.statement->shape.resource->column(columns.front()).reference;
    if (reference) target = reference->resource->message->full_name();
  }
  return ReferenceMissing(NameOf(operation), FieldsOf(operation, error), target);
}

absl::Status StillReferencedOf(const Operation& operation, const SqlError& error) {
  for (const Referrer& referrer : operation.statement->shape.resource->referrers) {
    const Column& column = referrer.resource->column(referrer.column);
    if (error.schema == referrer.resource->schema && error.table == referrer.resource->table &&
        error.columns == std::vector{column.name}) {
      return StillReferenced(NameOf(operation), column.field->full_name());
    }
  }
  return StillReferenced(NameOf(operation), "");
}

// The rules were checked before: the database has one that the contract lacks, or a value is
// too large for an index.
absl::Status ValueRefused(const Operation& operation, const SqlError& error) {
  LogWarning("row_refused", {{"resource", NameOf(operation)},
                             {"sqlstate", error.sqlstate},
                             {"table", error.table},
                             {"constraint", error.constraint},
                             {"columns", absl::StrJoin(error.columns, ", ")},
                             {"error", LogText(error)}});
  return InvalidFields(FieldsOf(operation, error), "the database refuses the value");
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
  // It was claimed before, and by now the claim is forgotten.
  if (operation.allow_missing) return DatabaseUnavailable();
  switch (operation.statement->shape.kind) {
    case ShapeKind::kCreate:
      return operation.must_not_exist ? MustNotExist(NameOf(operation), operation.key)
                                      : AlreadyExists(NameOf(operation), operation.key);
    case ShapeKind::kUpsert:
      // Which of several, the result does not say.
      return ImmutableChanged(operation, ImmutableOf(*operation.statement->shape.resource,
                                                     operation.statement->shape.changes));
    default:
      return operation.must_exist ? EtagMismatch(NameOf(operation), operation.key)
                                  : NotFound(NameOf(operation), operation.key);
  }
}

absl::Status StatusOfVerdict(const Operation& operation, std::string_view verdict) {
  if (verdict == "ok") return absl::OkStatus();
  if (verdict == "etag") return EtagMismatch(NameOf(operation), operation.key);
  if (verdict == "absent") return PartAbsent();
  // "immutable 3 4": the fields' numbers.
  std::vector<int> changed;
  for (const absl::string_view number :
       absl::StrSplit(absl::StripPrefix(View(verdict), "immutable "), ' ')) {
    const auto& columns = operation.statement->shape.resource->columns;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (number == absl::StrCat(columns[i].number)) changed.push_back(static_cast<int>(i));
    }
  }
  return ImmutableChanged(operation, changed);
}

absl::Status StatusOfUnreadableRow(const Operation& operation, std::string_view key,
                                   const std::string& column) {
  const std::string id = NewLogId();
  LogError("unreadable_row",
           {{"id", id}, {"resource", NameOf(operation)}, {"column", column}, {"key", key}});
  return RowUnreadable(NameOf(operation), key, column, id);
}

absl::Status StatusOfLargeAnswer(const Operation& operation) {
  return InvalidArgument(
      operation.parts_field,
      absl::StrCat("the rows of the answer would have more than ", kMaxAnswerBytes,
                   " bytes; nothing was done: give fewer elements"));
}

absl::Status StatusOfError(const Operation& operation, const SqlError& error) {
  const bool deletes = operation.statement->shape.kind == ShapeKind::kDelete;
  switch (error.kind) {
    case SqlErrorKind::kReference:
      return deletes ? StillReferencedOf(operation, error) : ReferenceMissingOf(operation, error);
    case SqlErrorKind::kUnique:
      return error.sqlstate == "23P01"
                 ? Excluded(NameOf(operation), FieldsOf(operation, error))
                 : UniqueBroken(NameOf(operation), FieldsOf(operation, error));
    case SqlErrorKind::kValue:
      return ValueRefused(operation, error);
    case SqlErrorKind::kRaised:
      return DatabaseRule(NameOf(operation), FieldsOf(operation, error), error.message, error.hint,
                          error.sqlstate);
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
