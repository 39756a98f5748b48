// What connections to PostgreSQL do, in numbers.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace dataservice {

// Of all connections of a program together. Thread-safe.
struct ConnectionCounts {
  // At this moment: connections that are open, those that execute a statement, and attempts to
  // make one.
  std::atomic<int64_t> open{0};
  std::atomic<int64_t> in_use{0};
  std::atomic<int64_t> connecting{0};
  // So far: connections that were made, attempts that failed, and open connections that were lost
  // or closed because PostgreSQL no longer served them.
  std::atomic<uint64_t> made{0};
  std::atomic<uint64_t> failed{0};
  std::atomic<uint64_t> lost{0};
  // So far: statements, BEGIN and COMMIT among them; those that were cancelled, by the engine or by
  // PostgreSQL's statement_timeout; and statements or transactions that were executed again.
  std::atomic<uint64_t> statements{0};
  std::atomic<uint64_t> cancelled{0};
  std::atomic<uint64_t> retries{0};
};

// How long the users of one connection have waited.
struct ConnectionTimes {
  std::chrono::nanoseconds connecting{0};
  std::chrono::nanoseconds statements{0};

  ConnectionTimes operator-(const ConnectionTimes& other) const {
    return {connecting - other.connecting, statements - other.statements};
  }
};

// Adds the time of its life to a sum, and counts that time's activity in `level`.
class Timed {
 public:
  Timed(std::chrono::nanoseconds& sum, std::atomic<int64_t>& level) : sum_(sum), level_(level) {
    level_.fetch_add(1, std::memory_order_relaxed);
  }
  ~Timed() {
    level_.fetch_sub(1, std::memory_order_relaxed);
    sum_ += std::chrono::steady_clock::now() - began_;
  }
  Timed(const Timed&) = delete;
  Timed& operator=(const Timed&) = delete;

 private:
  std::chrono::nanoseconds& sum_;
  std::atomic<int64_t>& level_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace dataservice
