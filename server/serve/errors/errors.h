// Every error that a caller can get, made by name. An error is an absl::Status
// whose payloads are the details of google.rpc (google/rpc/error_details.proto).
// No other code makes a status by hand; rpc/ converts it to gRPC's form.
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
// The bytes of the request cannot be parsed as a message of the method.
absl::Status MalformedRequest();

// `field` is nested more deeply than the parser reads.
absl::Status NestedTooDeep(std::string_view field);
// The request has more messages or values in it than are read, which shows in `field`.
absl::Status TooManyParts(std::string_view field);

absl::Status NotFound(std::string_view resource, std::string_view key);
absl::Status AlreadyExists(std::string_view resource, std::string_view key);
// The rows of the resource have an owner, and the caller is anonymous.
absl::Status OwnerIsAnonymous(std::string_view resource);
// The same, and the caller lacks the claim that has the owner, or its value cannot be an owner.
absl::Status OwnerClaimMissing(std::string_view resource, std::string_view claim);
// A caller that may write the rows of all owners names one that no row can have.
absl::Status NotAnOwner(std::string_view field);
// A caller that may read the rows of all owners names a key that several of them have.
absl::Status KeyOfSeveralOwners(std::string_view resource, std::string_view key);
// The row of a replacement exists, and is of another owner or has another IMMUTABLE value. Only of
// rows that every caller reads.
absl::Status NotReplaced(std::string_view resource, std::string_view key);
// The request_id was given to another request before.
absl::Status RequestIdReused(std::string_view request_id);
// The row is not at the version that the caller named.
absl::Status EtagMismatch(std::string_view resource, std::string_view key);
// `If-None-Match: *` on a row that exists.
absl::Status MustNotExist(std::string_view resource, std::string_view key);

// A constraint of the database refused the row (FAILED_PRECONDITION). `fields` are the paths
// in the request of the fields that it is about, which are the subjects of a
// PreconditionFailure; empty if they are not known.
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
// A trigger or a function of the database refused the row with RAISE: its message and hint
// are the only text of the database that a caller gets. `sqlstate` is its ERRCODE, in the
// ErrorInfo's metadata beside the hint.
absl::Status DatabaseRule(std::string_view resource, const FieldPaths& fields,
                          std::string_view message, std::string_view hint,
                          std::string_view sqlstate);

// The values of these fields are refused, all for one reason; of no field, the request.
absl::Status InvalidFields(const FieldPaths& fields, std::string_view description);

// Another transaction held the row for too long; nothing was done.
absl::Status RowLocked(std::string_view resource, std::string_view key);
// The database cancelled the statement (statement_timeout); nothing was done.
absl::Status StatementTimedOut();

absl::Status QueueFull();
absl::Status DeadlineExceeded();
// A write was sent, and its result did not arrive before the deadline.
absl::Status DeadlineExceededOutcomeUnknown();
absl::Status Cancelled();
// The database cannot be reached, and nothing was done: a retry is safe.
absl::Status DatabaseUnavailable();
// The connection was lost while a write ran: it may have been done.
absl::Status OutcomeUnknown();
absl::Status ShuttingDown();
// An import ended before its last message: the cause, and in its message and the metadata of
// its ErrorInfo the counts of the import and `position`, the first message (from 0) that is
// not counted. Messages from there on that are not counted were not stored, or, if
// `in_doubt`, may have been.
absl::Status ImportEnded(const absl::Status& cause, int64_t imported, int64_t failed,
                         int64_t position, bool in_doubt);
// The client of a stream sent nothing for too long.
absl::Status StreamSilent();
// The policy does not permit the call: UNAUTHENTICATED for a caller without an identity,
// PERMISSION_DENIED for others. `method` is "package.Service/Method".
absl::Status CallNeedsIdentity(std::string_view method);
absl::Status CallDenied(std::string_view method);
// The policy withholds the field, or refuses writes of it. `field` is its full name.
enum class FieldUse { kRead, kWrite };
absl::Status FieldDenied(std::string_view field, FieldUse use);
// The call needs an identity and has none.
absl::Status IdentityRequired();
// The call has a token that does not hold; `problem` ("its signature is wrong") quotes nothing of
// it.
absl::Status TokenInvalid(std::string_view problem);
absl::Status TokenExpired();
// No key is known by the kid of the token.
absl::Status TokenKeyUnknown();
// The keys that verify tokens have not been fetched yet.
absl::Status TokenKeysUnavailable();
// The certificate of the client has no name that can be an identity.
absl::Status CertificateNamesNobody();
// The method is none of the contract's.
absl::Status UnknownMethod(std::string_view path);
// The error of one element of a batch ("requests[3]"). The element is added to the message,
// to the paths and subjects of violations, and as `element` to the metadata of the ErrorInfo,
// whose reason is ELEMENT_FAILED if the error has none.
absl::Status OfElement(const absl::Status& status, std::string_view element);
// The stored row has a value in `column` that the contract cannot express: another program
// wrote it. `log_id` is in the log.
absl::Status RowUnreadable(std::string_view resource, std::string_view key, std::string_view column,
                           std::string_view log_id);
// A fault of the engine or the installation. The log has the details under `log_id`.
absl::Status Internal(std::string_view log_id);

}  // namespace dataservice
