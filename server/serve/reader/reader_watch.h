// Watches how far a reader is behind the writer.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "serve/reader/writer_history.h"

namespace dataservice {

// Asks both databases for their positions again and again, in a thread of its own. Thread-safe.
class ReaderWatch {
 public:
  struct Parts {
    std::unique_ptr<Connection> writer;
    std::unique_ptr<Connection> reader;
    WriterHistory& history;
    // A reader that is further behind is not used.
    std::chrono::nanoseconds max_lag;
    // Ends the statements that are executed on the reader, which does not answer or is too far
    // behind.
    std::function<void()> abandon;
    // Ends the statements of `writer` and `reader`, from another thread, when the watch stops.
    std::function<void()> abort;
  };

  explicit ReaderWatch(Parts parts);
  ~ReaderWatch() { Stop(); }

  // Asks no more. Belongs to one thread, and may be called again.
  void Stop();

  // What was acknowledged before this time, the reader has; absent if it cannot be used.
  std::optional<SteadyTime> covered() const {
    const SteadyTime time = covered_.load();
    return time == kUnknown ? std::nullopt : std::optional(time);
  }

 private:
  // Steady time begins with the machine, so that times before its beginning are compared, too.
  static constexpr SteadyTime kUnknown = SteadyTime::min();

  void Run();
  void Look();
  // The reader cannot be used, and what it executes is not waited for.
  void Exclude(const std::string& problem);
  void SetCovered(SteadyTime time, const std::string& problem);
  bool IsStopping();

  const Parts parts_;
  PositionQuery ask_writer_{DatabaseRole::kWriter};
  PositionQuery ask_reader_{DatabaseRole::kReader};
  std::atomic<SteadyTime> covered_{kUnknown};
  bool is_used_ = false;
  bool is_first_ = true;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataservice
