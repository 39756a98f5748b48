#include "serve/execution/waiting.h"

#include <utility>

#include "serve/execution/abandoned.h"

namespace dataservice {

void Waiting::PushBack(std::unique_ptr<Operation> operation) {
  const uint64_t caller = operation->origin.caller;
  auto& operations = callers_[caller];
  if (operations.empty()) turns_.push_back(caller);
  operations.push_back(std::move(operation));
}

void Waiting::PushFront(std::unique_ptr<Operation> operation) {
  const uint64_t caller = operation->origin.caller;
  auto& operations = callers_[caller];
  if (!operations.empty()) std::erase(turns_, caller);
  turns_.push_front(caller);
  operations.push_front(std::move(operation));
}

std::unique_ptr<Operation> Waiting::PopFront() {
  const uint64_t caller = turns_.front();
  const auto entry = callers_.find(caller);
  std::unique_ptr<Operation> operation = std::move(entry->second.front());
  entry->second.pop_front();
  turns_.pop_front();
  if (entry->second.empty()) {
    callers_.erase(entry);
  } else {
    turns_.push_back(caller);
  }
  return operation;
}

void Waiting::TakeAbandoned(Operation::TimePoint now, Batch& abandoned) {
  for (auto& [caller, operations] : callers_)
    dataservice::TakeAbandoned(operations, now, abandoned);
  std::erase_if(turns_, [this](uint64_t caller) {
    const auto entry = callers_.find(caller);
    if (!entry->second.empty()) return false;
    callers_.erase(entry);
    return true;
  });
}

}  // namespace dataservice
