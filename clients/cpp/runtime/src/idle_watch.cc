#include "dataservice/client/idle_watch.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <algorithm>

namespace dataservice::client {

IdleWatch::IdleWatch(grpc::ClientContext* context, absl::Duration idle)
    : context_(context), idle_(idle), thread_([this] { Run(); }) {}

IdleWatch::~IdleWatch() {
  context_->TryCancel();
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  thread_.join();
}

void IdleWatch::Begin() {
  absl::MutexLock lock(&mutex_);
  limit_ = absl::Now() + idle_;
}

void IdleWatch::End() {
  absl::MutexLock lock(&mutex_);
  limit_ = absl::InfiniteFuture();
}

bool IdleWatch::expired() const {
  absl::MutexLock lock(&mutex_);
  return expired_;
}

grpc::Status IdleWatch::error() const {
  return grpc::Status(
      grpc::StatusCode::DEADLINE_EXCEEDED,
      absl::StrCat("the service sent no row of the export for ", absl::FormatDuration(idle_)));
}

// A limit moves only into the future while a read is awaited, so that it is enough to look again
// when the time of a limit has come.
void IdleWatch::Run() {
  absl::MutexLock lock(&mutex_);
  while (!stopped_) {
    const absl::Time now = absl::Now();
    if (limit_ <= now) {
      expired_ = true;
      context_->TryCancel();
      return;
    }
    mutex_.AwaitWithDeadline(absl::Condition(&stopped_), std::min(limit_, now + idle_));
  }
}

}  // namespace dataservice::client
