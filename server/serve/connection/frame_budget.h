// How many frames of HTTP/2 that belong to no call a client may send.
#pragma once

#include <chrono>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dataservice {

// A token bucket: `rate` frames in a second, and after a pause those of four seconds at once. All
// connections of a client share one. Thread-safe.
class FrameBudget {
 public:
  using Clock = std::chrono::steady_clock;

  // 0: no limit.
  explicit FrameBudget(int rate) : rate_(rate) {}

  // Spends one frame; false if there is none.
  bool Spend(Clock::time_point now = Clock::now());
  // None has been spent lately.
  bool is_unused(Clock::time_point now = Clock::now()) const;

 private:
  double SpentAt(Clock::time_point now) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const double rate_;
  mutable absl::Mutex mutex_;
  double spent_ ABSL_GUARDED_BY(mutex_) = 0;
  Clock::time_point at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
