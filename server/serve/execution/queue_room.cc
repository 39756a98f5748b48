#include "serve/execution/queue_room.h"

namespace dataservice {

bool QueueRoom::IsFullFor(uint64_t caller) const {
  if (operations_ >= capacity_ || bytes_ >= max_bytes_) return true;
  const auto entry = callers_.find(caller);
  const size_t waiting = entry == callers_.end() ? 0 : entry->second;
  return waiting >= kCallerShare * (capacity_ - operations_);
}

void QueueRoom::Enter(const Operation& operation) {
  bytes_ += operation.bytes();
  ++operations_;
  ++callers_[operation.caller];
}

void QueueRoom::Leave(const Operation& operation) {
  bytes_ -= operation.bytes();
  --operations_;
  const auto entry = callers_.find(operation.caller);
  if (--entry->second == 0) callers_.erase(entry);
}

}  // namespace dataservice
