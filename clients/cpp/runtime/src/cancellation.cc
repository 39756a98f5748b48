#include "dataservice/client/cancellation.h"

#include <absl/time/clock.h>

namespace dataservice::client {

Cancellation::Cancellation(Cancellation* parent) : parent_(parent) {
  if (parent_ == nullptr) return;
  absl::MutexLock lock(&parent_->mutex_);
  cancelled_ = parent_->cancelled_;
  parent_->children_.insert(this);
}

Cancellation::~Cancellation() {
  if (parent_ == nullptr) return;
  absl::MutexLock lock(&parent_->mutex_);
  parent_->children_.erase(this);
}

void Cancellation::Cancel() {
  absl::MutexLock lock(&mutex_);
  cancelled_ = true;
  changed_.SignalAll();
  for (grpc::ClientContext* context : contexts_) context->TryCancel();
  for (Cancellation* child : children_) child->Cancel();
}

bool Cancellation::cancelled() const {
  absl::MutexLock lock(&mutex_);
  return cancelled_;
}

bool Cancellation::WaitFor(absl::Duration time) {
  const absl::Time end = absl::Now() + time;
  absl::MutexLock lock(&mutex_);
  while (!cancelled_) {
    if (changed_.WaitWithDeadline(&mutex_, end)) return !cancelled_;
  }
  return false;
}

Cancellation::Registration::Registration(Cancellation* cancellation, grpc::ClientContext* context)
    : cancellation_(cancellation), context_(context) {
  absl::MutexLock lock(&cancellation_->mutex_);
  cancellation_->contexts_.insert(context_);
  if (cancellation_->cancelled_) context_->TryCancel();
}

Cancellation::Registration::~Registration() {
  absl::MutexLock lock(&cancellation_->mutex_);
  cancellation_->contexts_.erase(context_);
}

}  // namespace dataservice::client
