// Watches how far a reader is behind the writer.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
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
    // Ends the statements that are executed on the reader, which does not answer.
    std::function<void()> abandon;
    // Ends the statements of `writer` and `reader`, from another thread, when the watch stops.
    std::function<void()> abort;
  };

  explicit ReaderWatch(Parts parts);
  ~ReaderWatch() { Stop(); }

  // Asks no more. Belongs to one thread, and may be called again.
  void Stop();

  // What was acknowledged before this time, the reader has; the epoch if it cannot be used.
  SteadyTime covered() const { return SteadyTime(SteadyTime::duration(covered_.load())); }

 private:
  void Run();
  void Look();
  void SetCovered(SteadyTime time, const std::string& problem);

  const Parts parts_;
  PositionQuery ask_writer_{DatabaseRole::kWriter};
  PositionQuery ask_reader_{DatabaseRole::kReader};
  std::atomic<SteadyTime::rep> covered_{0};
  bool is_used_ = false;
  bool is_first_ = true;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataservice
