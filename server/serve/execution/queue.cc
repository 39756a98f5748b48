#include "serve/execution/queue.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "serve/errors/errors.h"

namespace dataservice {
namespace {

bool IsWrite(const Statement& statement) {
  return statement.shape.kind != ShapeKind::kGet && statement.shape.kind != ShapeKind::kList &&
         statement.shape.kind != ShapeKind::kExport && statement.shape.kind != ShapeKind::kCustom;
}

bool GoesAlone(const Statement& statement) {
  return !statement.parameters.front().array || statement.shape.kind == ShapeKind::kLock;
}

}  // namespace

absl::Status StatusOfOver(const Operation& operation) {
  return operation.completion->cancelled() ? Cancelled() : DeadlineExceeded();
}

void AnswerOver(Operation& operation) {
  operation.completion->Fail(operation, StatusOfOver(operation));
}

OperationQueue::OperationQueue(QueueSettings settings, Clock clock)
    : settings_(settings), clock_(std::move(clock)) {}

std::unique_ptr<Operation> OperationQueue::Add(std::unique_ptr<Operation> operation) {
  absl::MutexLock lock(&mutex_);
  if (closed_ || size_ >= settings_.capacity || bytes_ >= settings_.capacity_bytes) {
    return operation;
  }
  bytes_ += operation->bytes();
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

void OperationQueue::AwaitWork() {
  ++idle_;
  mutex_.Await(absl::Condition(
      +[](OperationQueue* queue)
           ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue->mutex_) { return queue->HasWork(); },
      this));
  --idle_;
}

bool OperationQueue::NextIsAlone() const { return size_ > 0 && GoesAlone(*turns_.front()); }

void OperationQueue::AwaitLeftOver() {
  const absl::Condition left_over(
      +[](OperationQueue* queue)
           ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue->mutex_) { return queue->IsLeftOver(); },
      this);
  while (true) {
    mutex_.Await(left_over);
    if (closed_ || NextIsAlone()) return;
    const uint64_t taken = taken_;
    mutex_.AwaitWithTimeout(absl::Condition(&closed_), absl::FromChrono(kPatience));
    if (closed_ || (IsLeftOver() && taken_ == taken)) return;
  }
}

Batch OperationQueue::Take(bool eager) {
  while (true) {
    Batch expired;
    Batch batch;
    {
      absl::MutexLock lock(&mutex_);
      if (eager) {
        AwaitWork();
      } else {
        AwaitLeftOver();
      }
      if (size_ == 0) return {};
      ++taken_;
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
  const bool alone = GoesAlone(statement);
  const size_t many = waiting.front()->bulk ? settings_.bulk_limit : settings_.batch_limit;
  const size_t limit = alone ? 1 : many;
  absl::flat_hash_set<std::string_view> keys;
  absl::flat_hash_set<std::string_view> request_ids;
  // Whether one before it, also one that must wait, has the same.
  const auto meets_another = [&](const Operation& operation) {
    const bool key = !keys.insert(operation.key).second;
    const bool id = operation.claim && !request_ids.insert(operation.claim->request_id).second;
    return key || id;
  };
  Batch batch;
  Waiting later;
  size_t bytes = 0;
  size_t rows = 0;
  while (!waiting.empty() && rows < limit) {
    const size_t more = waiting.front()->bytes();
    const bool fits =
        bytes + more <= settings_.batch_bytes && rows + waiting.front()->rows() <= limit;
    if (!batch.empty() && !fits) break;
    std::unique_ptr<Operation> operation = std::move(waiting.front());
    waiting.pop_front();
    if (IsOver(*operation)) {
      bytes_ -= more;
      expired.push_back(std::move(operation));
    } else if (IsWrite(statement) && meets_another(*operation)) {
      later.push_back(std::move(operation));
    } else {
      bytes += more;
      rows += operation->rows();
      batch.push_back(std::move(operation));
    }
  }
  // Rows are written in the order of the batch: one order for all, so that two
  // batches that meet in several rows do not wait for each other.
  if (IsWrite(statement)) {
    std::sort(batch.begin(), batch.end(),
              [](const auto& a, const auto& b) { return a->key < b->key; });
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
        bytes_ -= operation->bytes();
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
