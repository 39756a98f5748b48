// When a statement that failed runs again.
#pragma once

#include <chrono>

#include "database/sqlstate.h"

namespace dataservice {

// Deadlocks and serialization failures are rolled back, so their outcome is
// known; a read may run again whatever happened. More tries than this would
// only add to the trouble.
inline constexpr int kMaxAttempts = 5;

// How long after the last deadline of its batch a statement may still run: its
// callers are gone by then, and its connection is given up.
inline constexpr std::chrono::milliseconds kGrace{250};

// One row, nobody knows which, spoils all of the statement.
inline bool IsPoison(SqlErrorKind kind) {
  return kind == SqlErrorKind::kReference || kind == SqlErrorKind::kUnique ||
         kind == SqlErrorKind::kValue;
}

}  // namespace dataservice
