#include "serve/rpc/open_calls.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "engine_limits.h"

namespace dataservice {
namespace {

// A drain waits for so long without a new call, and at most so long for that.
constexpr absl::Duration kQuiet = absl::Milliseconds(100);
constexpr absl::Duration kMostPatience = absl::Seconds(2);

// To look through all calls takes longer than to call the streams.
constexpr Tick kOverdueTicks = 10;

}  // namespace

OpenCalls::OpenCalls() : timer_([this] { Run(); }) {}

OpenCalls::~OpenCalls() {
  {
    absl::MutexLock lock(&streams_mutex_);
    stopping_ = true;
  }
  timer_.join();
}

bool OpenCalls::Enter(OpenCall& call) {
  absl::MutexLock lock(&mutex_);
  call.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &call;
  first_ = &call;
  ++open_;
  came_ = true;
  return !refusing_;
}

void OpenCalls::Leave(OpenCall& call) {
  absl::MutexLock lock(&mutex_);
  (call.previous_ == nullptr ? first_ : call.previous_->next_) = call.next_;
  if (call.next_ != nullptr) call.next_->previous_ = call.previous_;
  --open_;
}

void OpenCalls::RemoveStream(OpenCall& call) {
  absl::MutexLock lock(&streams_mutex_);
  streams_.erase(&call);
}

void OpenCalls::AddStream(OpenCall& call) {
  absl::MutexLock lock(&streams_mutex_);
  streams_.insert(&call);
}

void OpenCalls::WaitForQuiet(absl::Time limit) {
  absl::MutexLock lock(&mutex_);
  refusing_ = true;
  const absl::Time patience = std::min(limit, absl::Now() + kMostPatience);
  mutex_.AwaitWithDeadline(absl::Condition(
                               +[](int* n) { return *n == 0; }, &open_),
                           limit);
  while (absl::Now() < patience) {
    came_ = false;
    if (!mutex_.AwaitWithTimeout(absl::Condition(&came_), kQuiet)) return;
  }
}

void OpenCalls::Run() {
  const auto start = std::chrono::steady_clock::now();
  Tick checked = 0;
  while (true) {
    {
      absl::MutexLock lock(&streams_mutex_);
      if (streams_mutex_.AwaitWithTimeout(absl::Condition(&stopping_),
                                          absl::FromChrono(kStreamTick))) {
        return;
      }
    }
    now_ = static_cast<Tick>((std::chrono::steady_clock::now() - start) / kStreamTick);
    for (OpenCall* stream : Streams()) {
      stream->OnTick();
      stream->Release();
    }
    if (now() - checked < kOverdueTicks) continue;
    checked = now();
    for (OpenCall* call : Overdue()) {
      call->GiveUp();
      call->Release();
    }
  }
}

OpenCalls::Held OpenCalls::Streams() {
  Held streams;
  absl::MutexLock lock(&streams_mutex_);
  for (OpenCall* stream : streams_) {
    if (stream->TryHold()) streams.push_back(stream);
  }
  return streams;
}

OpenCalls::Held OpenCalls::Overdue() {
  Held calls;
  absl::MutexLock lock(&mutex_);
  for (OpenCall* call = first_; call != nullptr; call = call->next_) {
    if (call->IsOverdue(now()) && call->TryHold()) calls.push_back(call);
  }
  return calls;
}

}  // namespace dataservice
