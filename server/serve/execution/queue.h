// Operations that wait, by shape.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "serve/execution/sink.h"

namespace dataservice {

struct QueueSettings {
  // Operations that may wait at once. More are refused (RESOURCE_EXHAUSTED):
  // waiting longer than callers do helps nobody. Each takes about 1 KB and the
  // bytes of its values and parts.
  size_t capacity = 10000;
  // Bytes of values and parts that may wait at once.
  size_t capacity_bytes = 256 * 1024 * 1024;
  // Rows of one batch: one of an operation, or of each of its parts. The gain flattens at 32 to 64;
  // larger batches hold locks longer.
  size_t batch_limit = 32;
  // The same where the first operation is of an import: fewer commits, and nobody
  // who waits for one row.
  size_t bulk_limit = 256;
  // Bytes of values of one batch, so that a few enormous rows do not hold up
  // many small ones. An operation of more rows or bytes goes alone.
  size_t batch_bytes = 1024 * 1024;
};

// How long workers that are not eager let the others catch up.
inline constexpr std::chrono::milliseconds kPatience{1};

// Thread-safe. Shapes take turns, in the order in which their oldest operation
// came; operations of a shape leave in the order in which they came, writes of a
// batch sorted by key.
class OperationQueue {
 public:
  using Clock = std::function<Operation::TimePoint()>;

  OperationQueue(QueueSettings settings, Clock clock);

  // Takes the operation, or gives it back where the queue is full or closed.
  std::unique_ptr<Operation> Add(std::unique_ptr<Operation> operation);

  // Waits for work and takes what waits of one shape, up to the limit: no timer,
  // a lone operation leaves at once. Operations that expired or whose caller
  // went are answered here and never executed. Writes of one key or of one
  // request_id never share a batch, and the writes of a batch method share none
  // with anything. Empty when the queue is closed and drained.
  // `eager` workers take at once. The others are there for the time in which the eager
  // ones are held up, by a row that is locked or a slow network: they take when all
  // of those are at work and none came back for kPatience, so that otherwise what
  // waits becomes fewer and larger batches. What cannot share a batch they take at
  // once, too.
  Batch Take(bool eager = true);

  // Answers the operations whose deadline has passed: for the time in which no
  // worker is free to take them.
  void Expire();

  // Refuses new operations; those that wait are still taken.
  void Close();

  // Eager workers that wait for work.
  int idle() const {
    absl::MutexLock lock(&mutex_);
    return idle_;
  }

 private:
  using Waiting = std::deque<std::unique_ptr<Operation>>;

  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return size_ > 0 || closed_; }
  bool IsLeftOver() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return (size_ > 0 && idle_ == 0) || closed_;
  }
  // Whether what is next goes alone.
  bool NextIsAlone() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Waits until an eager worker, or another, has something to take.
  void AwaitWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitLeftOver() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Batch TakeOfShape(Waiting& waiting, Batch& expired) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsOver(const Operation& operation) const;

  const QueueSettings settings_;
  const Clock clock_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<const Statement*, Waiting> shapes_ ABSL_GUARDED_BY(mutex_);
  // Shapes that have operations, in turn.
  std::deque<const Statement*> turns_ ABSL_GUARDED_BY(mutex_);
  size_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int idle_ ABSL_GUARDED_BY(mutex_) = 0;
  uint64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;  // batches so far
};

// The status of an operation that is over before it was done: cancelled or expired.
absl::Status StatusOfOver(const Operation& operation);

// Answers one that is over before it began.
void AnswerOver(Operation& operation);

}  // namespace dataservice
