// Reports the progress of a long step and limits how long it waits.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "schema/apply/schema_lock.h"

namespace dataservice::schema {

struct ProgressSettings {
  std::chrono::milliseconds interval{5000};
  // The process that does the step, if its statement has no time limit: CREATE INDEX CONCURRENTLY
  // waits for every transaction that is older than the index. Empty for other steps.
  std::string pid;
  // How long that process may wait before its statement is cancelled.
  std::chrono::milliseconds patience{300'000};
};

// During its lifetime, a thread of its own queries PostgreSQL's progress report of CREATE INDEX at
// every interval. It uses the lock's connection, which is therefore never idle for long. `tell` is
// called on that thread.
class Progress {
 public:
  Progress(SchemaLock& lock, std::string step, ProgressSettings settings,
           std::function<void(const std::string&)> tell);
  ~Progress();

  // Ends the thread. Returns the processes that the step waited for when it was cancelled; empty
  // if it was not cancelled.
  std::string Stop();

 private:
  void Watch();
  // Reports the processes that the step waits for, and cancels it after too long a wait.
  void WatchWaiting();

  SchemaLock& lock_;
  const std::string step_;
  const ProgressSettings settings_;
  const std::function<void(const std::string&)> tell_;
  std::chrono::steady_clock::time_point free_;  // the last time that it did not wait
  std::string cancelled_;                       // read after the thread has ended
  absl::Notification done_;
  std::thread thread_;
};

}  // namespace dataservice::schema
