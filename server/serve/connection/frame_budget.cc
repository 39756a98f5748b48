#include "serve/connection/frame_budget.h"

#include <algorithm>

namespace dataservice {

// Seconds of the rate that may be spent at once.
constexpr double kBurst = 4;

bool FrameBudget::Spend(Clock::time_point now) {
  if (rate_ == 0) return true;
  absl::MutexLock lock(&mutex_);
  const double spent = SpentAt(now);
  at_ = now;
  // What is refused costs nothing, so that a client that stops can go on after the same time.
  const bool has_room = spent + 1 <= rate_ * kBurst;
  spent_ = has_room ? spent + 1 : spent;
  return has_room;
}

bool FrameBudget::is_unused(Clock::time_point now) const {
  absl::MutexLock lock(&mutex_);
  return SpentAt(now) == 0;
}

double FrameBudget::SpentAt(Clock::time_point now) const {
  const double seconds = std::chrono::duration<double>(now - at_).count();
  return std::max(0.0, spent_ - std::max(0.0, seconds) * rate_);
}

}  // namespace dataservice
