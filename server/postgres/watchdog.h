// Ends statements that no longer can be answered in time, so that no worker
// hangs on a dead network.
#pragma once

#include <chrono>
#include <list>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dataservice {

// Thread-safe. One thread of its own.
class Watchdog {
 public:
  using TimePoint = std::chrono::system_clock::time_point;

 private:
  struct Entry {
    int socket;
    TimePoint deadline;
    bool fired = false;
  };
  using Entries = std::list<Entry>;

 public:
  Watchdog();
  ~Watchdog();

  // Shuts down every guarded socket now, which aborts the statements that run on them.
  void FireAll();

  // While a Guard lives, its socket is shut down as soon as its deadline has
  // passed. The socket must stay open as long.
  class Guard {
   public:
    Guard(Watchdog& watchdog, int socket, TimePoint deadline);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Watchdog& watchdog_;
    Entries::iterator entry_;
  };

 private:
  void Run();
  // Those whose deadline is not after `until`.
  void Fire(TimePoint until) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataservice
