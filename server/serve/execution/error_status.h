// Errors of the database -> statuses of the API: the only mapping of them.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "contract/resource.h"
#include "postgres/sqlstate.h"
#include "serve/execution/operation.h"

namespace dataservice {

// What a statement was about.
struct ErrorSubject {
  const Resource* resource = nullptr;  // null for a statement of a custom method
  std::string_view key;                // empty for other than one row
  // The request's field that has the row; empty if there is none.
  std::string_view row_field;
  bool deletes = false;
  // Whether it ran does not matter: it reads, or may run any number of times.
  bool harmless = false;
  // It may have been done by an earlier run, which was lost.
  bool in_doubt = false;
  Operation::TimePoint deadline;
};

// The subject of an operation, or of one write of a batch with that deadline.
ErrorSubject SubjectOf(const Operation& operation);
ErrorSubject SubjectOf(const WriteWork& write, Operation::TimePoint deadline);

// The status for an error of a statement about `subject`. The error's columns are complete
// (postgres/constraint_columns.h). Logs what is not the caller's fault. After the deadline,
// a connection that was lost or not made is DEADLINE_EXCEEDED.
//
// The reason is OUTCOME_UNKNOWN if the statement may have been done: its connection was lost, or it
// is in doubt and the error is none of a row. An error of a row is true in any case, because the
// claim of a write that has one was looked up before (claims.h, batch_claim.h).
absl::Status StatusOfError(const ErrorSubject& subject, const SqlError& error);
// The same for the statement of an operation. `in_doubt`: Runs::in_doubt.
absl::Status StatusOfError(const Operation& operation, const SqlError& error, bool in_doubt);

}  // namespace dataservice
