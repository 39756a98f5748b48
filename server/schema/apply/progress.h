// Tells how far a long step is, and ends its waiting.
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
  // The process that does the step, if its statement has no limit of its own: CREATE INDEX
  // CONCURRENTLY waits for every transaction that is older than the index. Empty for others.
  std::string pid;
  // How long that may take before the statement is cancelled.
  std::chrono::milliseconds patience{300'000};
};

// While it lives, a thread of its own asks every interval, on the lock's
// connection, what PostgreSQL tells of an index that is being made, and keeps that
// connection from being idle. `tell` is called on that thread.
class Progress {
 public:
  Progress(SchemaLock& lock, std::string step, ProgressSettings settings,
           std::function<void(const std::string&)> tell);
  ~Progress();

  // Ends the thread. Whom the step waited for when it was cancelled; empty if it was not.
  std::string Stop();

 private:
  void Watch();
  // Looks for whom the step waits, and cancels it if that took too long.
  void WatchWaiting();

  SchemaLock& lock_;
  const std::string step_;
  const ProgressSettings settings_;
  const std::function<void(const std::string&)> tell_;
  std::chrono::steady_clock::time_point free_;  // when it was seen not to wait
  std::string cancelled_;                       // read after the thread has ended
  absl::Notification done_;
  std::thread thread_;
};

}  // namespace dataservice::schema
