// What is under way of a connection, of a client, or of all together, within limits.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>

namespace dataservice {

enum class Counted {
  // Calls from their acceptance to their end.
  kCalls,
  // Of them, the streams.
  kStreams,
  // Calls of grpc.health.v1.Health/Check, which are not among the calls.
  kHealthChecks,
  // Calls that the streams of CallService carry, which are not among the calls either.
  kCarriedCalls,
  // Bytes of answers that clients have not received: gRPC has not given them to the socket yet.
  kUnreadBytes,
  // Bytes of messages of clients that have arrived in part.
  kPartialBytes,
};
inline constexpr size_t kCounted = 6;
using Amounts = std::array<int64_t, kCounted>;

// Thread-safe.
class Level {
 public:
  explicit Level(const Amounts& limits) : limits_(limits) {}

  // Adds the amount, unless less than `kept_free` of the limit would be left. The sum may exceed
  // the limit where nothing else is counted: an answer that is larger than the limit could not be
  // given otherwise.
  bool Take(Counted counted, int64_t amount, int64_t kept_free = 0) {
    const int64_t before = Count(counted).fetch_add(amount, std::memory_order_relaxed);
    if (before <= 0 || before + amount <= limits_[Index(counted)] - kept_free) return true;
    Give(counted, amount);
    return false;
  }
  // Sets the number to 0, and returns it.
  int64_t Clear(Counted counted) { return Count(counted).exchange(0, std::memory_order_relaxed); }
  // Adds the amount, whatever the limit is.
  void Force(Counted counted, int64_t amount) {
    Count(counted).fetch_add(amount, std::memory_order_relaxed);
  }
  void Give(Counted counted, int64_t amount) {
    Count(counted).fetch_sub(amount, std::memory_order_relaxed);
  }
  Amounts amounts() const {
    Amounts amounts;
    for (size_t i = 0; i < kCounted; ++i) amounts[i] = counts_[i].load(std::memory_order_relaxed);
    return amounts;
  }
  int64_t amount(Counted counted) const {
    return counts_[Index(counted)].load(std::memory_order_relaxed);
  }
  int64_t limit(Counted counted) const { return limits_[Index(counted)]; }
  // The calls that are no streams, which may do nothing for a long time.
  int64_t unary_calls() const { return amount(Counted::kCalls) - amount(Counted::kStreams); }
  bool is_empty() const {
    return std::all_of(counts_.begin(), counts_.end(), [](const auto& n) { return n == 0; });
  }

 private:
  static size_t Index(Counted counted) { return static_cast<size_t>(counted); }
  std::atomic<int64_t>& Count(Counted counted) { return counts_[Index(counted)]; }

  const Amounts limits_;
  std::array<std::atomic<int64_t>, kCounted> counts_{};
};

// Where something is counted. Thread-safe.
class Account {
 public:
  virtual ~Account() = default;

  // Nothing is counted if there is no room.
  virtual bool Take(Counted counted, int64_t amount) = 0;
  virtual void Give(Counted counted, int64_t amount) = 0;
};

}  // namespace dataservice
