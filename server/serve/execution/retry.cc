#include "serve/execution/retry.h"

#include <algorithm>

namespace dataservice {

bool RetryLimit::AllowsAnother(SqlErrorKind kind) {
  --runs.left;
  runs.in_doubt = runs.in_doubt || kind == SqlErrorKind::kLost;
  const bool harmless = kind == SqlErrorKind::kRolledBack ||
                        (kind == SqlErrorKind::kLost && retryable == Retryable::kYes);
  return harmless && runs.left > 0 && !statement.IsReached(std::chrono::system_clock::now());
}

StatementLimit LimitOf(std::span<Operation* const> operations) {
  Operation::TimePoint latest;
  for (const Operation* operation : operations) latest = std::max(latest, operation->deadline);
  StatementLimit limit(latest, [operations] {
    const auto now = std::chrono::system_clock::now();
    return std::all_of(operations.begin(), operations.end(),
                       [now](const Operation* o) { return IsAbandoned(*o, now); });
  });
  // A write waits for the disk.
  limit.is_brief =
      operations.size() == 1 && operations[0]->is_alone && operations[0]->lane == Lane::kRead;
  return limit;
}

StatementLimit LimitOf(const Operation& operation) {
  return {operation.deadline,
          [completion = operation.completion] { return completion->cancelled(); }};
}

bool IsOfOneRow(SqlErrorKind kind) {
  return kind == SqlErrorKind::kReference || kind == SqlErrorKind::kUnique ||
         kind == SqlErrorKind::kValue || kind == SqlErrorKind::kRaised;
}

}  // namespace dataservice
