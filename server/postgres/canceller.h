// Cancels statements that run on other threads' connections.
#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dataservice {

// What names a connection to its server in a CancelRequest (PostgreSQL manual, 55.2.8).
using CancelHandle = std::unique_ptr<PGcancel, decltype(&PQfreeCancel)>;

class CancelSender;

// Sends CancelRequests from threads of its own, because PQcancel makes a connection, which takes as
// long as the network and the server do: forever if the server hangs. After 2 s the next request
// is sent beside it, with at most 4 under way. Thread-safe.
class Canceller {
 public:
  // One CancelRequest. It owns the handle, so that it does not need the connection. Thread-safe.
  class Request {
   public:
    explicit Request(CancelHandle handle) : handle_(std::move(handle)) {}

    // Waits until the server has received the request, at most for `limit`. False if it has not, or
    // cannot be reached. A server that has received it may still ignore it, as RDS Proxy does.
    bool Await(std::chrono::milliseconds limit);

   private:
    friend class CancelSender;
    enum class State { kWaiting, kReceived, kFailed };

    void Send();

    const CancelHandle handle_;
    absl::Mutex mutex_;
    State state_ ABSL_GUARDED_BY(mutex_) = State::kWaiting;
  };

  Canceller();
  // Sends no more requests. Waits for those that are being sent, at most for a second.
  ~Canceller();

  // Sends a request soon. Does not block.
  std::shared_ptr<Request> Cancel(CancelHandle handle);

  // Asks every StatementWatch that exists now to cancel its statement.
  void CancelAll() { all_.fetch_add(1, std::memory_order_relaxed); }
  // How often CancelAll() was called.
  uint64_t all() const { return all_.load(std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> all_{0};
  // Its threads own it, too: one may outlive the canceller.
  const std::shared_ptr<CancelSender> sender_;
};

}  // namespace dataservice
