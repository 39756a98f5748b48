#include "serve/execution/retry.h"

#include <algorithm>

namespace dataservice {
namespace {

// More tries than this would only add to the trouble.
constexpr int kMaxAttempts = 5;

}  // namespace

Operation::TimePoint LatestDeadline(std::span<Operation* const> operations) {
  Operation::TimePoint latest;
  for (const Operation* operation : operations) latest = std::max(latest, operation->deadline);
  return latest;
}

bool MayRunAgain(std::span<Operation* const> operations, SqlErrorKind kind, int attempt) {
  // All operations of a batch are of one shape, so what holds for the first
  // holds for each.
  const bool harmless =
      kind == SqlErrorKind::kRolledBack ||
      (kind == SqlErrorKind::kLost && operations.front()->retryable == Retryable::kYes);
  return harmless && attempt < kMaxAttempts &&
         LatestDeadline(operations) > std::chrono::system_clock::now();
}

bool IsPoison(SqlErrorKind kind) {
  return kind == SqlErrorKind::kReference || kind == SqlErrorKind::kUnique ||
         kind == SqlErrorKind::kValue || kind == SqlErrorKind::kRaised;
}

}  // namespace dataservice
