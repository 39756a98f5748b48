// Operations that wait, by group.
#pragma once

#include <array>
#include <chrono>
#include <climits>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "serve/execution/busy_keys.h"
#include "serve/execution/queue_room.h"
#include "serve/execution/queue_state.h"
#include "serve/execution/sink.h"
#include "serve/execution/waiting.h"

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

// How many batches may be under way at once, of those that can take long. The other workers are
// free for reads by key (ReadWork and BatchReadWork).
struct QueueShares {
  // Batches that are no reads by key.
  int slow = INT_MAX;
  // Of them, scans: PageWork and ExportWork in Lane::kAlone.
  int scans = INT_MAX;
};

// How long workers that are not eager let the others catch up.
inline constexpr std::chrono::milliseconds kPatience{1};

// How long a group has at most one batch under way after a statement of it timed out, unless
// another one ends in time before.
inline constexpr std::chrono::seconds kSlowTime{10};

// Which limit of QueueShares holds for an operation.
enum class Share { kReads, kOthers, kScans };

// A batch, and what it keeps from other workers until OperationQueue::Finish().
struct Assignment {
  Batch batch;
  const void* group = nullptr;
  Share share = Share::kReads;
  BusyKeys::Keys keys;
};

// Thread-safe. Groups (Operation::group) take turns, in the order in which their oldest
// operations arrived, and callers take turns within a group (waiting.h); writes of a batch are
// sorted by key. Lanes decide which of them share a batch. A write of a row waits while
// another batch with a write of it is under way.
class OperationQueue {
 public:
  using Clock = std::function<Operation::TimePoint()>;

  OperationQueue(QueueSettings settings, QueueShares shares, Clock clock);

  // Takes the operation, or returns it if the queue is full for its caller (QueueRoom) or closed.
  std::unique_ptr<Operation> Add(std::unique_ptr<Operation> operation);
  // As Add() for each of them, before a worker takes one. Returns those that are not taken.
  Batch AddAll(Batch operations);

  // Waits for work and takes a batch of one group, up to the limit. There is no timer: a
  // lone operation leaves at once. Abandoned operations are answered here and never
  // executed. The batch is empty when the queue is closed and drained.
  // `eager` workers take at once. The others serve while the eager ones are held up, by a
  // locked row or a slow network: they take when all eager workers are busy and none came
  // back for kPatience, so that otherwise the waiting operations become fewer and larger
  // batches. Operations in Lane::kAlone they take at once, too.
  Assignment Take(bool eager = true);

  // After the batch was executed. `timed_out`: a statement of it did not end in time.
  void Finish(const Assignment& assignment, bool timed_out);

  // Takes the place of an idle eager worker, so that the caller may execute the operation
  // itself, which does not wait. Absent, and nothing is borrowed, unless an eager worker is
  // idle, no operation waits, this one may run, and the place of no other one is borrowed. Until
  // GiveBack(), which also finishes the assignment, one eager worker less takes operations.
  std::optional<Assignment> Borrow(std::unique_ptr<Operation>& operation);
  void GiveBack(const Assignment& assignment, bool timed_out);

  // Answers abandoned operations, for the time in which no worker is free to take them.
  void Expire();

  // Refuses new operations; those that wait can still be taken.
  void Close();

  QueueState state() const;

  // Eager workers that wait for work.
  int idle() const {
    absl::MutexLock lock(&mutex_);
    return idle_;
  }

 private:
  struct Group {
    Share share = Share::kReads;
    Waiting waiting;
    int under_way = 0;      // batches
    bool has_turn = false;  // is part of turns_
    Operation::TimePoint slow_until;
  };
  using Groups = absl::flat_hash_map<const void*, Group>;

  struct Turn {
    uint64_t number;  // ascending
    const void* group;
  };
  using Turns = std::deque<Turn>;

  // Eager workers that wait for work and may take it.
  int ready() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return idle_ - (lent_ ? 1 : 0); }
  bool IsDrained() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return closed_ && room_.operations() == 0;
  }
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return (ready() > 0 && NextShare()) || (IsDrained() && !lent_);
  }
  bool IsLeftOver() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return ((ready() <= 0 || closed_) && NextShare()) || IsDrained();
  }
  // Whether the next operation is in Lane::kAlone.
  bool NextIsAlone() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Waits until an eager worker, or another, has something to take.
  void AwaitWork() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitLeftOver() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Whether another batch of the share may begin.
  bool Permits(Share share) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whether a statement of it has timed out less than kSlowTime ago. Not if the clock was set back
  // to a time before that.
  bool IsSlow(const Group& group) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MayBegin(const Group& group) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The share of the group whose turn it is; absent if no operation may be taken now.
  std::optional<Share> NextShare() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Turns& TurnsOf(Share share) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return turns_[static_cast<size_t>(share)];
  }
  const Turns& TurnsOf(Share share) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return turns_[static_cast<size_t>(share)];
  }
  // Takes the operation, or leaves it.
  void AddOne(std::unique_ptr<Operation>& operation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Group& GroupOf(const Operation& operation) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Gives the group a turn if it has operations that may be taken, and forgets it if nothing of
  // it is left.
  void Settle(Groups::iterator entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Takes a batch of the group whose turn it is. Operations that are abandoned go to `abandoned`.
  Assignment TakeTurn(Share share, Batch& abandoned) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TakeOfGroup(Waiting& waiting, Assignment& assignment, Batch& abandoned)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Begin(Group& group) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const Assignment& assignment, bool timed_out) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The rows that a batch which begins with the operation may have.
  size_t RowLimit(const Operation& first) const;

  const QueueSettings settings_;
  const QueueShares shares_;
  const Clock clock_;
  mutable absl::Mutex mutex_;
  Groups groups_ ABSL_GUARDED_BY(mutex_);
  BusyKeys busy_ ABSL_GUARDED_BY(mutex_);
  // For each share, the groups that have operations which may be taken, in turn.
  std::array<Turns, 3> turns_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_turn_ ABSL_GUARDED_BY(mutex_) = 0;
  QueueRoom room_ ABSL_GUARDED_BY(mutex_);
  int slow_ ABSL_GUARDED_BY(mutex_) = 0;   // batches under way, without reads by key
  int scans_ ABSL_GUARDED_BY(mutex_) = 0;  // of them
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int idle_ ABSL_GUARDED_BY(mutex_) = 0;
  bool lent_ ABSL_GUARDED_BY(mutex_) = false;   // the place of an idle eager worker
  uint64_t taken_ ABSL_GUARDED_BY(mutex_) = 0;  // batches so far
  std::array<uint64_t, kLanes> refused_ ABSL_GUARDED_BY(mutex_){};  // operations so far
};

}  // namespace dataservice
