#include "execution/queue.h"

#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "errors/errors.h"

namespace dataservice {
namespace {

bool IsWrite(const Statement& statement) {
  return statement.shape.kind != ShapeKind::kGet && statement.shape.kind != ShapeKind::kList &&
         statement.shape.kind != ShapeKind::kExport && statement.shape.kind != ShapeKind::kCustom;
}

}  // namespace

void AnswerOver(Operation& operation) {
  operation.completion->Fail(operation,
                             operation.completion->cancelled() ? Cancelled() : DeadlineExceeded());
}

OperationQueue::OperationQueue(QueueSettings settings, Clock clock)
    : settings_(settings), clock_(std::move(clock)) {}

std::unique_ptr<Operation> OperationQueue::Add(std::unique_ptr<Operation> operation) {
  absl::MutexLock lock(&mutex_);
  if (closed_ || size_ >= settings_.capacity || bytes_ >= settings_.capacity_bytes) {
    return operation;
  }
  bytes_ += operation->values.bytes();
  const Statement* shape = operation->statement.get();
  Waiting& waiting = shapes_[shape];
  if (waiting.empty()) turns_.push_back(shape);
  waiting.push_back(std::move(operation));
  ++size_;
  return nullptr;
}

bool OperationQueue::IsOver(const Operation& operation) const {
  return operation.completion->cancelled() || operation.deadline <= clock_();
}

Batch OperationQueue::Take() {
  while (true) {
    Batch expired;
    Batch batch;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(
          +[](OperationQueue* queue)
               ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue->mutex_) { return queue->HasWork(); },
          this));
      if (size_ == 0) return {};
      const Statement* shape = turns_.front();
      turns_.pop_front();
      const auto entry = shapes_.find(shape);
      batch = TakeOfShape(entry->second, expired);
      if (entry->second.empty()) {
        shapes_.erase(entry);
      } else {
        turns_.push_back(shape);
      }
    }
    for (const auto& operation : expired) AnswerOver(*operation);
    if (!batch.empty()) return batch;
  }
}

Batch OperationQueue::TakeOfShape(Waiting& waiting, Batch& expired) {
  const Statement& statement = *waiting.front()->statement;
  const bool alone = !statement.parameters.front().array;
  const size_t limit = alone ? 1 : settings_.batch_limit;
  absl::flat_hash_set<std::string_view> keys;
  Batch batch;
  Waiting later;
  size_t bytes = 0;
  while (!waiting.empty() && batch.size() < limit) {
    const size_t more = waiting.front()->values.bytes();
    if (!batch.empty() && bytes + more > settings_.batch_bytes) break;
    std::unique_ptr<Operation> operation = std::move(waiting.front());
    waiting.pop_front();
    if (IsOver(*operation)) {
      bytes_ -= more;
      expired.push_back(std::move(operation));
    } else if (IsWrite(statement) && !keys.insert(operation->key).second) {
      later.push_back(std::move(operation));
    } else {
      bytes += more;
      batch.push_back(std::move(operation));
    }
  }
  bytes_ -= bytes;
  while (!later.empty()) {
    waiting.push_front(std::move(later.back()));
    later.pop_back();
  }
  size_ -= batch.size() + expired.size();
  return batch;
}

void OperationQueue::Expire() {
  Batch expired;
  {
    absl::MutexLock lock(&mutex_);
    for (auto& [shape, waiting] : shapes_) {
      for (auto& operation : waiting) {
        if (!IsOver(*operation)) continue;
        bytes_ -= operation->values.bytes();
        expired.push_back(std::move(operation));
      }
      std::erase_if(waiting, [](const auto& operation) { return operation == nullptr; });
    }
    size_ -= expired.size();
    std::erase_if(turns_, [&](const Statement* shape) {
      const auto entry = shapes_.find(shape);
      if (!entry->second.empty()) return false;
      shapes_.erase(entry);
      return true;
    });
  }
  for (const auto& operation : expired) AnswerOver(*operation);
}

void OperationQueue::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

}  // namespace dataservice
