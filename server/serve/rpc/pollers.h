// The threads that wait for events in a completion queue.
#pragma once

#include <atomic>
#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "serve/rpc/lone_calls.h"

namespace dataservice {

// Lets all but one of the threads rest while calls come one at a time: with two of them in the
// queue, gRPC hands the sockets over from one to the other with each call, which costs four
// futexes, two eventfds and three changes of threads. A thread that rests is woken as soon as calls
// overlap, or when the thread that handles events is held up by one of them. Thread-safe.
class Pollers {
 public:
  // The period at which one of the threads that rest looks whether the others are held up.
  static constexpr absl::Duration kTick = absl::Milliseconds(1);
  // After so many ticks without an event it sleeps until one comes.
  static constexpr int kTicksUntilSleep = 10;

  explicit Pollers(int threads) : threads_(threads) {}

  // A thread is about to wait for an event. While calls come one at a time it rests before, unless
  // it is the only thread that does not rest.
  void BeginWait() {
    if (calls_.one_at_a_time()) RestIfSpare();
    waiting_.fetch_add(1);
  }
  // It has an event.
  void EndWait() {
    waiting_.fetch_sub(1);
    if (resting_ > 0) CountEvent();
  }

  // A call on the connection begins; its answer is about to be sent.
  void BeginCall(uint64_t connection) {
    if (!calls_.Begin(connection) && resting_ > 0) WakeOne();
  }
  void EndCall() { calls_.End(); }
  bool one_at_a_time() const { return calls_.one_at_a_time(); }

  // The threads do not rest until calls come one at a time again.
  void Wake() {
    calls_.Reset();
    if (resting_ > 0) WakeOne();
  }
  // Whether this thread holds events that wait for the one that it handles.
  static void SetHolding(bool holds_events) { holds_events_ = holds_events; }
  // Whether this thread may be held up by an event: there are others, and it holds none that wait.
  bool has_spare() const { return threads_ > 1 && !holds_events_; }

  // Ends all rests, for ever.
  void Stop();

  // Threads that rest.
  int resting() const { return resting_; }

 private:
  void RestIfSpare();
  // Rests until this thread is needed.
  void Rest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Looks whether the threads that do not rest are held up, and returns true then; false if a
  // thread that rests is needed for another reason. One of those that rest does this.
  bool Watch() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Waits for an event after the one that was seen last.
  void Sleep(uint64_t seen) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CountEvent();
  void WakeOne();

  static inline thread_local bool holds_events_ = false;

  const int threads_;
  LoneCalls calls_;
  std::atomic<uint64_t> events_{0};  // while a thread rests
  std::atomic<int> waiting_{0};      // threads
  std::atomic<int> resting_{0};      // threads
  std::atomic<int> asleep_{0};       // of them, in Sleep()
  absl::Mutex mutex_;
  absl::CondVar wake_;
  bool watched_ ABSL_GUARDED_BY(mutex_) = false;  // a thread is in Watch()
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;   // one of those that rest
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dataservice
