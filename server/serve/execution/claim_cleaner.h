// Deletes the claims of request_ids after their retention.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "postgres/connection.h"

namespace dataservice {

struct ClaimSettings {
  // How long a claim is kept: longer than any caller retries. Each takes about as much space
  // as the row that was written.
  std::chrono::seconds retention{86400};
};

// How long a cleaner waits between two passes: a tenth of the retention, within limits, and
// at random up to half more or less, so that servers that were started together do not clean
// together.
absl::Duration PauseOfCleaner(std::chrono::seconds retention);

// Deletes claims in a thread of its own, a limited number at a time, by the database's clock.
// A pass that fails is logged; the next pass deletes the rest.
class ClaimCleaner {
 public:
  struct Parts {
    std::set<std::string> schemas;  // with claims
    // Makes a connection for a pass; none is kept between two passes.
    std::function<std::unique_ptr<Connection>()> connect;
    // The time before each pass.
    std::function<absl::Duration()> pause;
    // Ends the statement that runs on a connection of `connect`, from another
    // thread.
    std::function<void()> abort = [] {};
    // Gets the number of claims that a statement has deleted.
    std::function<void(int64_t)> deleted = [](int64_t) {};
  };

  ClaimCleaner(const ClaimSettings& settings, Parts parts);
  // Stops: aborts the statement that runs, if there is one.
  ~ClaimCleaner();

 private:
  void Run();
  void Pass();
  // Whether all old claims of the schema were deleted.
  bool Clean(Connection& connection, const std::string& schema);
  bool stopping();

  const ClaimSettings settings_;
  const Parts parts_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataservice
