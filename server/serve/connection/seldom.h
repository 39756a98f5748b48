// Reports that clients can cause as often as they like.
#pragma once

#include <atomic>
#include <chrono>

namespace dataservice {

// Permits something once a second. Thread-safe.
class Seldom {
 public:
  bool IsDue() {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    auto last = last_.load(std::memory_order_relaxed);
    return now - last >= std::chrono::seconds(1) && last_.compare_exchange_strong(last, now);
  }

 private:
  std::atomic<std::chrono::steady_clock::duration> last_{std::chrono::seconds(-1)};
};

}  // namespace dataservice
