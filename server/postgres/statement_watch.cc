#include "postgres/statement_watch.h"

#include <utility>

namespace dataservice {
namespace {

// How late it may be noticed that nobody waits for a statement any more.
constexpr std::chrono::milliseconds kTick{20};

// How long a statement that has ended waits for the answer to its CancelRequest.
constexpr std::chrono::milliseconds kAnswerTime{100};

}  // namespace

StatementWatch::StatementWatch(Canceller& canceller, LibpqConnection& connection,
                               StatementLimit limit)
    : canceller_(canceller),
      connection_(connection),
      limit_(std::move(limit)),
      cancelled_all_(canceller.all()) {}

LibpqConnection::Result StatementWatch::Await() {
  if (limit_.is_brief) connection_.AwaitBriefly();
  while (!connection_.Advance(kTick)) {
    if (request_ == nullptr) {
      if (IsLimitReached()) Cancel();
    } else if (leave_at_ <= std::chrono::steady_clock::now()) {
      return Leave();
    }
  }
  LibpqConnection::Result result = connection_.TakeResult();
  return request_ == nullptr ? std::move(result) : Conclude(std::move(result));
}

bool StatementWatch::IsLimitReached() const {
  return canceller_.all() != cancelled_all_ || limit_.IsReached(std::chrono::system_clock::now());
}

void StatementWatch::Cancel() {
  request_ = canceller_.Cancel(connection_.cancel_handle());
  leave_at_ = std::chrono::steady_clock::now() + kGrace;
}

LibpqConnection::Result StatementWatch::Conclude(LibpqConnection::Result result) {
  auto* error = std::get_if<SqlError>(&result);
  if (error != nullptr && error->sqlstate == sqlstate::kQueryCanceled) {
    error->kind = SqlErrorKind::kCancelled;
    end_ = request_->Await(kAnswerTime) ? WatchEnd::kCancelled : WatchEnd::kSpoiled;
    return result;
  }
  end_ = WatchEnd::kSpoiled;
  return SqlError{.kind = SqlErrorKind::kLost,
                  .message = "the statement ended while it was being cancelled"};
}

LibpqConnection::Result StatementWatch::Leave() {
  const bool received = request_->Await(std::chrono::milliseconds(0));
  end_ = received ? WatchEnd::kLeft : WatchEnd::kSpoiled;
  return SqlError{.kind = SqlErrorKind::kLost,
                  .message = received ? "the statement did not end when it was cancelled"
                                      : "the server does not receive a CancelRequest"};
}

}  // namespace dataservice
