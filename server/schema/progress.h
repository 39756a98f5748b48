// Tells how far a long step is.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/synchronization/notification.h"
#include "schema/schema_lock.h"

namespace dataservice {

// While it lives, a thread of its own asks every `interval`, on the lock's
// connection, what PostgreSQL tells of an index that is being made, and keeps that
// connection from being idle. `tell` is called on that thread.
class Progress {
 public:
  Progress(SchemaLock& lock, std::string step, std::chrono::milliseconds interval,
           std::function<void(const std::string&)> tell);
  ~Progress();

 private:
  void Watch();

  SchemaLock& lock_;
  const std::string step_;
  const std::chrono::milliseconds interval_;
  const std::function<void(const std::string&)> tell_;
  absl::Notification done_;
  std::thread thread_;
};

}  // namespace dataservice
