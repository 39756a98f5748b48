#include "serve/monitoring/histograms.h"

#include <algorithm>
#include <utility>

namespace dataservice {

size_t StripeOfThread() {
  static std::atomic<size_t> threads{0};
  thread_local const size_t stripe = threads.fetch_add(1, std::memory_order_relaxed) % kStripes;
  return stripe;
}

uint64_t StripedCounter::Read() const {
  uint64_t sum = 0;
  for (const Stripe& stripe : stripes_) sum += stripe.count.load(std::memory_order_relaxed);
  return sum;
}

Histograms::Histograms(size_t series, std::vector<int64_t> bounds)
    : series_(series), bounds_(std::move(bounds)), width_(bounds_.size() + 2) {
  for (Stripe& stripe : stripes_) {
    stripe = std::make_unique<std::atomic<uint64_t>[]>(series_ * width_);
  }
}

void Histograms::Observe(size_t series, int64_t value) {
  const auto bucket = std::lower_bound(bounds_.begin(), bounds_.end(), value) - bounds_.begin();
  std::atomic<uint64_t>* const counters = &stripes_[StripeOfThread()][series * width_];
  counters[bucket].fetch_add(1, std::memory_order_relaxed);
  counters[width_ - 1].fetch_add(static_cast<uint64_t>(std::max<int64_t>(value, 0)),
                                 std::memory_order_relaxed);
}

Histograms::Snapshot Histograms::Read(size_t series) const {
  Snapshot snapshot{.buckets = std::vector<uint64_t>(width_ - 1)};
  for (const Stripe& stripe : stripes_) {
    const std::atomic<uint64_t>* const counters = &stripe[series * width_];
    for (size_t i = 0; i + 1 < width_; ++i) {
      const uint64_t more = counters[i].load(std::memory_order_relaxed);
      snapshot.buckets[i] += more;
      snapshot.count += more;
    }
    snapshot.sum += counters[width_ - 1].load(std::memory_order_relaxed);
  }
  return snapshot;
}

}  // namespace dataservice
