// Cancels statements that run on other threads' connections.
#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dataservice {

// What names a connection to its server in a CancelRequest (PostgreSQL manual, 55.2.8).
using CancelHandle = std::unique_ptr<PGcancel, decltype(&PQfreeCancel)>;

// Sends CancelRequests from a thread of its own, because PQcancel makes a connection, which
// takes as long as the network does. Thread-safe.
class Canceller {
 public:
  // One CancelRequest. Thread-safe.
  class Request {
   public:
    explicit Request(CancelHandle handle) : handle_(std::move(handle)) {}

    // Waits until the server has received the request, at most for `limit`. False if it has not, or
    // cannot be reached. A server that has received it may still ignore it, as RDS Proxy does.
    bool Await(std::chrono::milliseconds limit);

   private:
    friend class Canceller;
    enum class State { kWaiting, kReceived, kFailed };

    void Send();

    const CancelHandle handle_;
    absl::Mutex mutex_;
    State state_ ABSL_GUARDED_BY(mutex_) = State::kWaiting;
  };

  Canceller();
  // Sends no more requests, and waits for the one that is being sent.
  ~Canceller();

  // Sends a request soon. Does not block.
  std::shared_ptr<Request> Cancel(CancelHandle handle);

  // Asks every StatementWatch that exists now to cancel its statement.
  void CancelAll() { all_.fetch_add(1, std::memory_order_relaxed); }
  // How often CancelAll() was called.
  uint64_t all() const { return all_.load(std::memory_order_relaxed); }

 private:
  void Run();
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !requests_.empty();
  }

  std::atomic<uint64_t> all_{0};
  absl::Mutex mutex_;
  std::deque<std::shared_ptr<Request>> requests_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataservice
