// Every error that a caller can get, made by name. An error is an absl::Status
// whose payloads are the details of google.rpc (google/rpc/error_details.proto);
// rpc/ turns it into gRPC's form, and nothing else makes a status by hand.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "contract/rules/violation.h"

namespace dataservice {

// Rules broken: all of them, as BadRequest.
absl::Status InvalidArgument(const std::vector<Violation>& violations);
absl::Status InvalidArgument(std::string_view field, std::string_view description);
// The bytes of the request are no message of the method.
absl::Status MalformedRequest();

// `field` has more messages within one another than are read.
absl::Status NestedTooDeep(std::string_view field);

absl::Status NotFound(std::string_view resource, std::string_view key);
absl::Status AlreadyExists(std::string_view resource, std::string_view key);
// The request_id was given to another request before.
absl::Status RequestIdReused(std::string_view request_id);
// The row is not at the version that the caller named.
absl::Status EtagMismatch(std::string_view resource, std::string_view key);
// `If-None-Match: *` on a row that exists.
absl::Status MustNotExist(std::string_view resource, std::string_view key);

// A constraint of the database refused the row (FAILED_PRECONDITION). `fields` are the
// paths in the request of what it is about, as subjects of a PreconditionFailure; empty
// where they are not known.
using FieldPaths = std::vector<std::string>;
// `target` is the resource that has no such row; empty where it is not known.
absl::Status ReferenceMissing(std::string_view resource, const FieldPaths& fields,
                              std::string_view target);
// `referrer` is the field that refers to the row, fully qualified; empty where it is not
// known.
absl::Status StillReferenced(std::string_view resource, std::string_view referrer);
absl::Status UniqueBroken(std::string_view resource, const FieldPaths& fields);
// An exclusion constraint.
absl::Status Excluded(std::string_view resource, const FieldPaths& fields);
// A rule that the database keeps in a trigger or a function: the message and the hint of
// its author, the only text of the database that an answer shows. `sqlstate` is the
// author's ERRCODE, in the ErrorInfo's metadata beside the hint.
absl::Status DatabaseRule(std::string_view resource, const FieldPaths& fields,
                          std::string_view message, std::string_view hint,
                          std::string_view sqlstate);

// Another transaction holds the row for too long; nothing was done.
absl::Status RowLocked(std::string_view resource, std::string_view key);
// The database gave the statement up (its statement_timeout); nothing was done.
absl::Status StatementTimedOut();

absl::Status QueueFull();
absl::Status DeadlineExceeded();
// A write was sent, and its answer did not come in time.
absl::Status DeadlineExceededOutcomeUnknown();
absl::Status Cancelled();
// The database cannot be reached, and nothing was done: a retry is safe.
absl::Status DatabaseUnavailable();
// The connection was lost under a write: it may have been done.
absl::Status OutcomeUnknown();
absl::Status ShuttingDown();
// An import ended before its last message. The cause, with how far the import
// came in its message and as metadata of its ErrorInfo: imported_count,
// failed_count, and `position`, the first message (from 0) that is not counted; those
// from there on that are not were not stored, or, where `in_doubt`, may have been.
absl::Status ImportEnded(const absl::Status& cause, int64_t imported, int64_t failed,
                         int64_t position, bool in_doubt);
// The client of a stream sends nothing for too long.
absl::Status StreamSilent();
// The method is none of the contract's.
absl::Status UnknownMethod(std::string_view path);
// The error of one element of a batch, which it names ("requests[3]"): in the
// message, before the paths of violations, as their subject, and as `element` of the ErrorInfo's
// metadata, whose reason is ELEMENT_FAILED where the error has none of its own.
absl::Status OfElement(const absl::Status& status, std::string_view element);
// The stored row has, in `column`, a value that the contract cannot express: something wrote
// it past the contract. `log_id` is in the log.
absl::Status RowUnreadable(std::string_view resource, std::string_view key, std::string_view column,
                           std::string_view log_id);
// A fault of ours. `log_id` is in the log beside what happened.
absl::Status Internal(std::string_view log_id);

}  // namespace dataservice
