// When a statement runs again, and until when.
#pragma once

#include <chrono>
#include <span>
#include <variant>

#include "postgres/connection.h"
#include "postgres/sqlstate.h"
#include "postgres/statement_limit.h"
#include "serve/execution/operation.h"

namespace dataservice {

// Runs of one statement: more of them would only add to the trouble.
inline constexpr int kMaxRuns = 5;

// The runs of a statement, or of the parts into which it is divided.
struct Runs {
  // Those that are left, the first one included.
  int left = kMaxRuns;
  // One of them was lost: what it wrote may be committed, also if a later run fails.
  bool in_doubt = false;
};

// What limits the runs of a statement.
struct RetryLimit {
  Retryable retryable = Retryable::kNo;
  // After it the statement does not run again.
  StatementLimit statement;
  Runs runs;

  // Notes a run that failed. Returns whether another one may follow: deadlocks and
  // serialization failures are rolled back, so their outcome is known; what is retryable
  // may run again also when the connection was lost.
  bool AllowsAnother(SqlErrorKind kind);
};

// Calls `run`, which returns a variant that may hold an SqlError, until that is no error, or
// one after which the limit allows no other run. Returns the last result; `limit.runs` tells what
// an error leaves open.
template <typename Run>
auto RunWithRetry(RetryLimit& limit, const Run& run) {
  while (true) {
    auto result = run();
    const auto* error = std::get_if<SqlError>(&result);
    if (error == nullptr || !limit.AllowsAnother(error->kind)) return result;
  }
}

// The same for statements of a connection, which counts the runs after the first one.
template <typename Run>
auto RunWithRetry(Connection& connection, RetryLimit& limit, const Run& run) {
  bool is_first = true;
  return RunWithRetry(limit, [&] {
    if (!is_first) connection.counts().retries.fetch_add(1, std::memory_order_relaxed);
    is_first = false;
    return run();
  });
}

// A statement may run as long as one of the operations, which exist while it runs, is not
// abandoned.
StatementLimit LimitOf(std::span<Operation* const> operations);
StatementLimit LimitOf(const Operation& operation);

// An error of one row, which makes the whole statement fail.
bool IsOfOneRow(SqlErrorKind kind);

}  // namespace dataservice
