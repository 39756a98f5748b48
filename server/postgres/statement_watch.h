// Waits for statements, and cancels those that nobody waits for any more.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "postgres/canceller.h"
#include "postgres/libpq.h"
#include "postgres/statement_limit.h"

namespace dataservice {

// How long a statement may take to end after it was cancelled. Then its thread leaves it.
inline constexpr std::chrono::milliseconds kGrace{250};

// What became of the statements of a watch.
enum class WatchEnd {
  // They ended by themselves.
  kUndisturbed,
  // One was cancelled and has ended; the connection can be used again.
  kCancelled,
  // One was cancelled, and a late CancelRequest might meet the next one: the connection must not be
  // used again.
  kSpoiled,
  // One was cancelled and is still running, although the server has received the request. A proxy
  // may not pass it on.
  kLeft,
};

// Watches one statement, or those of one transaction. Belongs to one thread.
class StatementWatch {
 public:
  // Both outlive it. A call of Canceller::CancelAll() cancels the statement, too.
  StatementWatch(Canceller& canceller, LibpqConnection& connection, StatementLimit limit);

  // The result of the statement that was sent. When its limit is reached, the statement is
  // cancelled: kCancelled if PostgreSQL reports that it was, and rolled it back; otherwise kLost,
  // because a late cancellation may have interrupted the wait for a synchronous standby.
  LibpqConnection::Result Await();

  WatchEnd end() const { return end_; }

 private:
  bool IsLimitReached() const;
  void Cancel();
  // The result after a cancellation.
  LibpqConnection::Result Conclude(LibpqConnection::Result result);
  LibpqConnection::Result Leave();

  Canceller& canceller_;
  LibpqConnection& connection_;
  const StatementLimit limit_;
  const uint64_t cancelled_all_;
  std::shared_ptr<Canceller::Request> request_;  // null until the limit is reached
  std::chrono::steady_clock::time_point leave_at_;
  WatchEnd end_ = WatchEnd::kUndisturbed;
};

}  // namespace dataservice
