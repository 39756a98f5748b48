#include "dataservice/client/attempts.h"

#include <absl/synchronization/notification.h>
#include <absl/time/clock.h>
#include <grpcpp/generic/generic_stub.h>

#include <algorithm>
#include <utility>

#include "dataservice/client/failure.h"
#include "dataservice/client/retry.h"

namespace dataservice::client {
namespace {

// How often a call that waits looks whether it is cancelled.
constexpr absl::Duration kLook = absl::Milliseconds(100);
// The longest time of a call that finds out why there is no connection.
constexpr absl::Duration kProbe = absl::Seconds(1);

// Returns why the channel has no connection, by a call that changes nothing.
grpc::Status Probe(const std::shared_ptr<grpc::Channel>& channel, absl::Time deadline) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  grpc::GenericStub stub(channel);
  const grpc::Slice empty;
  const grpc::ByteBuffer request(&empty, 1);
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), &request, &response,
                 [&](grpc::Status result) {
                   status = std::move(result);
                   done.Notify();
                 });
  done.WaitForNotification();
  return status;
}

}  // namespace

std::shared_ptr<const Connection> WithMaxStaleness(
    const std::shared_ptr<const Connection>& connection,
    std::optional<absl::Duration> max_staleness) {
  if (connection->max_staleness == max_staleness) return connection;
  auto changed = std::make_shared<Connection>(*connection);
  changed->max_staleness = max_staleness;
  return changed;
}

std::string RequestIdOf(const CallOptions& options) {
  return options.request_id.empty() ? NewRequestId() : options.request_id;
}

Attempts::Attempts(const Connection& connection, const Method& method, bool identified,
                   const CallOptions& options)
    : connection_(connection),
      method_(method),
      identified_(identified),
      cancellation_(options.cancellation),
      request_id_(RequestIdOf(options)) {
  if (connection_.telemetry != nullptr) {
    observer_ = connection_.telemetry->Begin(method_.name, request_id_);
  }
}

Attempts::~Attempts() {
  // A stream whose consumer has not read it to its end.
  if (observer_ != nullptr) observer_->End(absl::StatusCode::kCancelled, "");
}

void Attempts::LimitTo(absl::Duration time) { deadline_ = absl::Now() + time; }

grpc::Status Attempts::Connect() {
  if (method_.effect == Effect::kRead) return grpc::Status::OK;
  grpc::Status status = WaitForConnection();
  sent_ = status.ok();
  if (!sent_) ++attempts_;
  return status;
}

grpc::Status Attempts::WaitForConnection() const {
  grpc::Channel& channel = *connection_.channel;
  for (;;) {
    const grpc_connectivity_state state = channel.GetState(/*try_to_connect=*/true);
    if (state == GRPC_CHANNEL_READY) return grpc::Status::OK;
    const absl::Time now = absl::Now();
    if (cancellation_ != nullptr && cancellation_->cancelled()) return grpc::Status::CANCELLED;
    if (now >= deadline_) {
      return grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "no connection before the deadline");
    }
    // A channel with credentials that cannot be used is shut down from the start.
    const bool is_unusable = state == GRPC_CHANNEL_SHUTDOWN;
    if (is_unusable || state == GRPC_CHANNEL_TRANSIENT_FAILURE) {
      grpc::Status status = Probe(connection_.channel, std::min(deadline_, now + kProbe));
      if (is_unusable || status.error_code() == grpc::StatusCode::UNAVAILABLE) return status;
    } else {
      channel.WaitForStateChange(state, absl::ToChronoTime(std::min(deadline_, now + kLook)));
    }
  }
}

grpc::ClientContext* Attempts::Begin() {
  registration_.reset();
  context_.emplace();
  ++attempts_;
  context_->AddMetadata("x-request-id", request_id_);
  if (connection_.max_staleness && method_.effect == Effect::kRead) {
    context_->AddMetadata("read-consistency",
                          ReadConsistency(*connection_.max_staleness, *connection_.writes));
  }
  if (observer_ != nullptr) {
    for (const auto& [name, value] : observer_->Metadata()) context_->AddMetadata(name, value);
  }
  if (deadline_ != absl::InfiniteFuture()) context_->set_deadline(absl::ToChronoTime(deadline_));
  if (cancellation_ != nullptr) registration_.emplace(cancellation_, &*context_);
  return &*context_;
}

std::optional<absl::Status> Attempts::Failed(const grpc::Status& status, bool may_repeat) {
  Failure failure = ReadFailure(method_.name, request_id_, status);
  failure.error.attempts = attempts_;
  if (method_.effect != Effect::kRead && sent_ && IsInDoubt(failure.error)) in_doubt_ = true;
  if (!may_repeat) return End(failure);
  if (failure.error.code == absl::StatusCode::kUnauthenticated && connection_.tokens != nullptr &&
      !renewed_token_) {
    renewed_token_ = true;
    connection_.tokens->Drop();
    return std::nullopt;
  }
  const absl::Duration after = failure.error.retry_after.value_or(absl::ZeroDuration());
  if (MayRepeat(failure.error) && Wait(after)) return std::nullopt;
  return End(failure);
}

void Attempts::Ended() {
  if (method_.effect != Effect::kRead) connection_.writes->WriteEnded();
}

void Attempts::Succeeded() {
  Ended();
  if (observer_ != nullptr) observer_->End(absl::StatusCode::kOk, "");
  observer_ = nullptr;
}

bool Attempts::MayRepeat(const Error& error) const {
  if (method_.effect == Effect::kWrites && sent_ && !identified_) return false;
  if (error.retry_after) return true;
  if (error.code != absl::StatusCode::kUnavailable) return false;
  return !sent_ || method_.effect == Effect::kRead || identified_;
}

bool Attempts::Wait(absl::Duration after) {
  const absl::Duration pause = after + Pause(connection_.retry, attempts_);
  if (!WaitForAttempt(connection_.retry, attempts_, pause, deadline_, cancellation_)) return false;
  if (observer_ != nullptr) observer_->Repeated(pause);
  return true;
}

absl::Status Attempts::End(const Failure& failure) {
  Ended();
  absl::Status status = ToStatus(failure, in_doubt_);
  if (observer_ != nullptr) observer_->End(status.code(), internal::ErrorName(status));
  observer_ = nullptr;
  return status;
}

}  // namespace dataservice::client
