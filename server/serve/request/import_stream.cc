#include "serve/request/import_stream.h"

#include <algorithm>
#include <utility>

#include "engine_limits.h"
#include "serve/errors/errors.h"

namespace dataservice {

ImportStream::ImportStream(const Method& method, const OperationHandler& create, Executor& executor,
                           StreamTransport& transport, const RequestContext& context,
                           std::chrono::milliseconds operation_time, Clock::time_point (*now)())
    : method_(method),
      create_(create),
      executor_(executor),
      transport_(transport),
      context_(context),
      operation_time_(operation_time),
      now_(now),
      record_(method, context) {}

void ImportStream::Start() {
  if (context_.idempotency_key) {
    absl::MutexLock lock(&mutex_);
    progress_.End(InvalidArgument("idempotency-key",
                                  "means nothing to an import; its messages have a request_id"),
                  0, false);
  }
  Pump();
}

void ImportStream::OnMessage(google::protobuf::io::ZeroCopyInputStream& message) {
  int64_t position;
  {
    absl::MutexLock lock(&mutex_);
    reader_ = Reader::kHandling;
    position = next_position_++;
  }
  RequestContext context = context_;
  context.deadline = std::min(context.deadline, std::chrono::system_clock::now() + operation_time_);
  auto operation = create_.Prepare(message, context);
  if (operation.ok()) {
    (*operation)->completion = this;
    (*operation)->method = method_.path;
    (*operation)->origin = origin_;
    (*operation)->tag = position;
    (*operation)->lane = Lane::kBulk;
  }
  {
    absl::MutexLock lock(&mutex_);
    reader_ = Reader::kPaused;
    if (!operation.ok() && IsOfTheRow(operation.status())) {
      progress_.AddFailure(position, operation.status());
    } else if (!operation.ok()) {
      progress_.End(operation.status(), position, false);
    } else {
      held_ = *std::move(operation);
      offer_held_ = true;
    }
  }
  Pump();
}

void ImportStream::OnEnd() {
  {
    absl::MutexLock lock(&mutex_);
    reader_ = Reader::kEnded;
  }
  Pump();
}

void ImportStream::OnTick() {
  {
    absl::MutexLock lock(&mutex_);
    offer_held_ = true;
    const bool silent =
        reader_ == Reader::kWaiting && under_way_ == 0 && now_() - asked_ > kMaxStreamSilence;
    if (!finished_ && !progress_.ended()) {
      if (transport_.cancelled()) {
        progress_.End(Cancelled(), next_position_, false);
      } else if (transport_.draining()) {
        progress_.End(ShuttingDown(), next_position_, false);
      } else if (silent) {
        progress_.End(StreamSilent(), next_position_, false);
      }
    }
  }
  Pump();
}

bool ImportStream::HasRoom() const {
  return under_way_ < kMaxImportRows && bytes_ < kMaxImportBytes;
}

ImportStream::Step ImportStream::NextStep(std::unique_ptr<Operation>& offered) {
  if (finished_ || offering_) return Step::kNone;
  if (progress_.ended() && held_ != nullptr) {
    progress_.LeaveOut(held_->tag);
    held_.reset();
  }
  if (held_ != nullptr) {
    if (!std::exchange(offer_held_, false)) return Step::kNone;
    offered = std::move(held_);
    offering_ = true;
    ++under_way_;
    bytes_ += offered->bytes();
    return Step::kOffer;
  }
  if (reader_ == Reader::kHandling) return Step::kNone;
  if (progress_.ended() || reader_ == Reader::kEnded) {
    if (under_way_ > 0) return Step::kNone;
    finished_ = true;
    return Step::kFinish;
  }
  if (reader_ == Reader::kPaused && HasRoom()) {
    reader_ = Reader::kWaiting;
    asked_ = now_();
    return Step::kRead;
  }
  return Step::kNone;
}

void ImportStream::Pump() {
  while (true) {
    std::unique_ptr<Operation> offered;
    Step step;
    {
      absl::MutexLock lock(&mutex_);
      step = NextStep(offered);
    }
    switch (step) {
      case Step::kNone:
        return;
      case Step::kRead:
        transport_.Read();
        break;
      case Step::kOffer:
        Offer(std::move(offered));
        break;
      case Step::kFinish:
        Finish();
        return;
    }
  }
}

void ImportStream::Offer(std::unique_ptr<Operation> operation) {
  transport_.Hold();  // until it is settled
  const size_t bytes = operation->bytes();
  std::unique_ptr<Operation> refused = executor_.Offer(std::move(operation));
  const bool is_refused = refused != nullptr;
  {
    absl::MutexLock lock(&mutex_);
    offering_ = false;
    if (is_refused) {
      --under_way_;
      bytes_ -= bytes;
      held_ = std::move(refused);
    }
  }
  if (is_refused) transport_.Release();
}

void ImportStream::Finish() {
  ImportProgress progress;
  {
    absl::MutexLock lock(&mutex_);
    progress = std::move(progress_);
  }
  record_.AddImport(progress.cause(), progress.imported(), progress.failed());
  if (progress.ended()) {
    transport_.Finish(progress.Error());
  } else {
    transport_.FinishWith(progress.Response(method_), create_.ConsistencyToken());
  }
}

void ImportStream::Succeed(Operation& operation, Outcome) { Settle(operation, absl::OkStatus()); }

void ImportStream::Fail(Operation& operation, absl::Status status) { Settle(operation, status); }

void ImportStream::Settle(const Operation& operation, const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    --under_way_;
    bytes_ -= operation.bytes();
    offer_held_ = true;
    if (status.ok()) {
      progress_.AddImported();
    } else if (IsOfTheRow(status)) {
      progress_.AddFailure(operation.tag, status);
    } else {
      progress_.End(status, operation.tag, true);
    }
  }
  Pump();
  transport_.Release();
}

}  // namespace dataservice
