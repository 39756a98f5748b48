// The threads that send CancelRequests.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "postgres/canceller.h"

namespace dataservice {

// Sends one request after another. If one takes too long, another thread goes on with the next one.
// The threads are detached and own this object, because PQcancel has no time-out. Thread-safe.
class CancelSender : public std::enable_shared_from_this<CancelSender> {
 public:
  // Starts the first thread. Once.
  void Start();

  void Add(std::shared_ptr<Canceller::Request> request);

  // Sends no more requests, and waits a second at most for the threads to end.
  void Stop();

 private:
  // Starts a thread that waits for its turn; none if the system has no more threads.
  void StartThread() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run();
  // Waits until the thread may send a request, and returns that; null if the thread ends. A thread
  // then waits for the next turn, unless there are too many.
  std::shared_ptr<Canceller::Request> Take(uint64_t& turn);
  // Waits for the next turn; false if another thread does that, so that this one ends.
  bool Return(uint64_t turn);
  bool HasRequest() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !requests_.empty();
  }
  bool IsTurnOver() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return stopping_ || !in_turn_; }
  bool IsDone() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return threads_ == 0; }

  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Canceller::Request>> requests_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int threads_ ABSL_GUARDED_BY(mutex_) = 0;
  // One of them waits for its turn. The others are sending.
  bool has_next_ ABSL_GUARDED_BY(mutex_) = false;
  // The thread whose turn it is sends, and has not yet taken too long.
  bool in_turn_ ABSL_GUARDED_BY(mutex_) = false;
  uint64_t turn_ ABSL_GUARDED_BY(mutex_) = 0;  // so far
};

}  // namespace dataservice
