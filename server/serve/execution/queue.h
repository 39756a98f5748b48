// Operations that wait, by group.
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
  // callers do not wait longer. Each takes about 1 KB and the bytes of its values.
  size_t capacity = 10000;
  // Bytes of values that may wait at once.
  size_t capacity_bytes = 256 * 1024 * 1024;
  // Rows of one batch. The gain flattens at 32 to 64; larger batches hold locks longer.
  size_t batch_limit = 32;
  // The same where the first operation is in Lane::kBulk: fewer commits.
  size_t bulk_limit = 256;
  // Bytes of values of one batch, so that a few enormous rows do not hold up
  // many small ones. An operation of more rows or bytes goes alone.
  size_t batch_bytes = 1024 * 1024;
};

// How long workers that are not eager let the others catch up.
inline constexpr std::chrono::milliseconds kPatience{1};

// Thread-safe. Groups (Operation::group) take turns, in the order in which their oldest
// operations arrived; operations of a group leave in the order in which they arrived, writes
// of a batch sorted by key. Lanes decide which of them share a batch.
class OperationQueue {
 public:
  using Clock = std::function<Operation::TimePoint()>;

  OperationQueue(QueueSettings settings, Clock clock);

  // Takes the operation, or returns it if the queue is full or closed.
  std::unique_ptr<Operation> Add(std::unique_ptr<Operation> operation);

  // Waits for work and takes a batch of one group, up to the limit. There is no timer: a
  // lone operation leaves at once. Abandoned operations are answered here and never
  // executed. Empty when the queue is closed and drained.
  // `eager` workers take at once. The others serve while the eager ones are held up, by a
  // locked row or a slow network: they take when all eager workers are busy and none came
  // back for kPatience, so that otherwise the waiting operations become fewer and larger
  // batches. Operations in Lane::kAlone they take at once, too.
  Batch Take(bool eager = true);

  // Takes the place of an idle eager worker, so that the caller may execute an operation
  // itself, which does not wait. False, and nothing is borrowed, unless an eager worker is
  // idle, no operation waits, and the place of no other one is borrowed. Until GiveBack() one
  // eager worker less takes operations.
  bool Borrow();
  void GiveBack();

  // Answers abandoned operations, for the time in which no worker is free to take them.
  void Expire();

  // Refuses new operations; those that wait can still be taken.
  void Close();

  // Eager workers that wait for work.
  int idle() const {
    absl::MutexLock lock(&mutex_);
    return idle_;
  }

 private:
  using Waiting = std::deque<std::unique_ptr<Operation>>;

  // Eager workers that wait for work and may take it.
  int ready() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return idle_ - (lent_ ? 1 : 0); }
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return size_ > 0 ? ready() > 0 : closed_ && !lent_;
  }
  bool IsLeftOver() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return (size_ > 0 && ready() <= 0) || closed_;
  }
  // Whether the next operation is in Lane::kAlone.
  bool NextIsAlone() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Waits until an eager worker, or another, has something to take.
  void AwaitWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitLeftOver() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Operations that are abandoned go to `abandoned`.
  Batch TakeOfGroup(Waiting& waiting, Batch& abandoned) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The rows that a batch which begins with the operation may have.
  size_t RowLimit(const Operation& first) const;

  const QueueSettings settings_;
  const Clock clock_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<const void*, Waiting> groups_ ABSL_GUARDED_BY(mutex_);
  // Groups that have operations, in turn.
  std::deque<const void*> turns_ ABSL_GUARDED_BY(mutex_);
  size_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool lent_ ABSL_GUARDED_BY(mutex_) = false;   // the place of an idle eager worker
  uint64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;  // batches so far
};

}  // namespace dataservice
