// Finds out whether calls come one at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace dataservice {

// Whether calls come one at a time: one client makes a call, waits for the answer, and makes the
// next call. Thread-safe. If two threads report calls at the same time, a call may count twice or
// not at all; then calls are not reported to come one at a time, at most for a few calls.
class LoneCalls {
 public:
  using Clock = std::chrono::steady_clock;

  // Calls come one at a time after so many that did.
  static constexpr int kCalls = 64;
  // A call that comes sooner after the answer to the call before has waited for its turn: no
  // client reads an answer and makes another call in so short a time.
  static constexpr std::chrono::microseconds kShortestPause{25};
  // The same for a call on another connection than that of the call before: if two clients each
  // make one call at a time, there are shorter pauses than this between their calls.
  static constexpr std::chrono::microseconds kShortestTurn{1000};

  // A call comes on the connection, which is identified by any number. Returns false if it shows
  // that calls do not come one at a time.
  bool Begin(uint64_t connection, Clock::time_point now = Clock::now());
  // The answer to a call is about to be sent.
  void End(Clock::time_point now = Clock::now());

  // Calls do not come one at a time, until kCalls calls do again.
  void Reset() { calls_.store(0, std::memory_order_relaxed); }

  bool one_at_a_time() const { return calls_.load(std::memory_order_relaxed) >= kCalls; }

 private:
  std::atomic<int> under_way_{0};
  std::atomic<int> calls_{0};  // that came one at a time, one after the other
  std::atomic<uint64_t> connection_{0};
  std::atomic<Clock::rep> ended_{0};  // when the last call did
};

}  // namespace dataservice
