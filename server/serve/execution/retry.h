// When a statement may run again, and until when.
#pragma once

#include <chrono>
#include <span>

#include "postgres/sqlstate.h"
#include "serve/execution/operation.h"

namespace dataservice {

// How long after the last deadline of its batch a statement may still run: its
// callers are gone by then, and its connection is given up.
inline constexpr std::chrono::milliseconds kGrace{250};

Operation::TimePoint LatestDeadline(std::span<Operation* const> operations);

// Whether the statement of these operations may run once more after its
// `attempt`-th run, from 1, failed. Deadlocks and serialization failures are
// rolled back, so their outcome is known; a read, or a write that is claimed,
// may run again whatever happened.
bool MayRunAgain(std::span<Operation* const> operations, SqlErrorKind kind, int attempt);

// One row, nobody knows which, spoils all of the statement.
bool IsPoison(SqlErrorKind kind);

}  // namespace dataservice
