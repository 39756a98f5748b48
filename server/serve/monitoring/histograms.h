// The histograms of one metric.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace dataservice {

// The stripe of counters in which a thread counts.
inline constexpr size_t kStripes = 8;
size_t StripeOfThread();

// A number that many threads increase. Thread-safe.
class StripedCounter {
 public:
  void Increase() { stripes_[StripeOfThread()].count.fetch_add(1, std::memory_order_relaxed); }
  uint64_t Read() const;

 private:
  // A cache line each.
  struct alignas(64) Stripe {
    std::atomic<uint64_t> count{0};
  };
  std::array<Stripe, kStripes> stripes_;
};

// One histogram for each of a fixed number of series. Threads count in stripes of their own, which
// Read() adds up, so that they do not wait for each other. Thread-safe.
class Histograms {
 public:
  struct Snapshot {
    std::vector<uint64_t> buckets;  // by bound, and one more for what is above all of them
    uint64_t count = 0;
    uint64_t sum = 0;
  };

  // The upper bounds of the buckets are ascending.
  Histograms(size_t series, std::vector<int64_t> bounds);

  void Observe(size_t series, int64_t value);
  Snapshot Read(size_t series) const;

  const std::vector<int64_t>& bounds() const { return bounds_; }
  size_t series() const { return series_; }

 private:
  using Stripe = std::unique_ptr<std::atomic<uint64_t>[]>;

  const size_t series_;
  const std::vector<int64_t> bounds_;
  const size_t width_;  // counters of a series: its buckets and the sum
  std::array<Stripe, kStripes> stripes_;
};

}  // namespace dataservice
