#include "serve/execution/retry.h"

#include <algorithm>

namespace dataservice {

bool RetryLimit::AllowsAnother(SqlErrorKind kind) {
  --runs;
  const bool harmless = kind == SqlErrorKind::kRolledBack ||
                        (kind == SqlErrorKind::kLost && retryable == Retryable::kYes);
  return harmless && runs > 0 && deadline > std::chrono::system_clock::now() &&
         (caller == nullptr || !caller->cancelled());
}

Operation::TimePoint LatestDeadline(std::span<Operation* const> operations) {
  Operation::TimePoint latest;
  for (const Operation* operation : operations) latest = std::max(latest, operation->deadline);
  return latest;
}

bool IsOfOneRow(SqlErrorKind kind) {
  return kind == SqlErrorKind::kReference || kind == SqlErrorKind::kUnique ||
         kind == SqlErrorKind::kValue || kind == SqlErrorKind::kRaised;
}

}  // namespace dataservice
