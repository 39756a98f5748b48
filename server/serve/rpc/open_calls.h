// The calls that are open, and the one timer of all of them.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dataservice {

// Time since the start of the timer in steps of kStreamTick. It is read without asking the clock.
using Tick = uint32_t;

// What the timer sees of a call. All but the constructor are thread-safe.
class OpenCall {
 public:
  virtual ~OpenCall() = default;

  // Whether the call has waited for its client for too long.
  virtual bool IsOverdue(Tick now) const = 0;
  // Ends it.
  virtual void GiveUp() = 0;
  // Of a stream, at each step.
  virtual void OnTick() = 0;

  // Keeps the call until the Release that belongs to it; false if it is about to be freed.
  virtual bool TryHold() = 0;
  virtual void Release() = 0;

 private:
  friend class OpenCalls;
  OpenCall* previous_ = nullptr;
  OpenCall* next_ = nullptr;
};

// Thread-safe.
class OpenCalls {
 public:
  OpenCalls();
  // No call may be open.
  ~OpenCalls();

  Tick now() const { return now_.load(std::memory_order_relaxed); }

  // Adds a call until Leave; false if it must be refused, because the server stops.
  bool Enter(OpenCall& call);
  void Leave(OpenCall& call);
  // Between them OnTick of a call is called, which must not be freed meanwhile.
  void AddStream(OpenCall& call);
  void RemoveStream(OpenCall& call);

  // Refuses new calls, and waits until those that are open are over and none has come for a
  // while; at most until `limit`.
  void WaitForQuiet(absl::Time limit);
  bool refusing() const { return refusing_.load(std::memory_order_relaxed); }

 private:
  using Held = std::vector<OpenCall*>;

  void Run();
  Held Streams();
  Held Overdue();

  std::atomic<Tick> now_{0};
  std::atomic<bool> refusing_{false};
  absl::Mutex mutex_;
  OpenCall* first_ ABSL_GUARDED_BY(mutex_) = nullptr;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
  bool came_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Mutex streams_mutex_;
  absl::flat_hash_set<OpenCall*> streams_ ABSL_GUARDED_BY(streams_mutex_);
  bool stopping_ ABSL_GUARDED_BY(streams_mutex_) = false;
  std::thread timer_;
};

}  // namespace dataservice
