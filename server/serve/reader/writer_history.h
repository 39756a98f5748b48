// The last positions of the writer.
#pragma once

#include <chrono>
#include <deque>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "serve/execution/observer.h"
#include "serve/reader/database_position.h"

namespace dataservice {

// Thread-safe.
class WriterHistory {
 public:
  // Positions are kept for so long.
  explicit WriterHistory(std::chrono::nanoseconds length) : length_(length) {}

  // The position was asked for at this time or later. Times grow.
  void Add(SteadyTime time, DatabasePosition position);

  // The latest time before which everything was acknowledged that a reader at this position has.
  // Nothing if the reader is further behind than the history reaches.
  std::optional<SteadyTime> CoveredBy(const DatabasePosition& reader) const;

  // Whether the reader follows the writer: it has the timeline of its latest position, if one is
  // known.
  bool IsFollowedBy(const DatabasePosition& reader) const;

 private:
  struct Entry {
    SteadyTime time;
    DatabasePosition position;
  };

  const std::chrono::nanoseconds length_;
  mutable absl::Mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);  // the latest one is the last
};

}  // namespace dataservice
