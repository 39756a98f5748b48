#include "serve/execution/queue.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"

namespace dataservice {
namespace {

bool IsWrite(Lane lane) { return lane == Lane::kWrite || lane == Lane::kBulk; }

const WriteWork& WriteOf(const Operation& operation) { return std::get<WriteWork>(operation.work); }

void AnswerAbandoned(const Batch& operations) {
  for (const auto& operation : operations) {
    operation->completion->Fail(*operation, StatusOfAbandoned(*operation));
  }
}

// The keys and request_ids of the writes that a batch has met.
class MetWrites {
 public:
  // Whether a write before, also one that has to wait, has the same key or request_id.
  bool Meets(const WriteWork& write) {
    const bool key = !keys_.insert(PrimaryKeyOf(write)).second;
    const bool id = write.claim && !request_ids_.insert(write.claim->stored_id).second;
    return key || id;
  }

 private:
  absl::flat_hash_set<PrimaryKeyValue> keys_;
  absl::flat_hash_set<std::string_view> request_ids_;
};

}  // namespace

OperationQueue::OperationQueue(QueueSettings settings, Clock clock)
    : settings_(settings), clock_(std::move(clock)) {}

std::unique_ptr<Operation> OperationQueue::Add(std::unique_ptr<Operation> operation) {
  absl::MutexLock lock(&mutex_);
  if (closed_ || size_ >= settings_.capacity || bytes_ >= settings_.capacity_bytes) {
    return operation;
  }
  bytes_ += operation->bytes();
  const void* group = operation->group();
  Waiting& waiting = groups_[group];
  if (waiting.empty()) turns_.push_back(group);
  waiting.push_back(std::move(operation));
  ++size_;
  return nullptr;
}

void OperationQueue::AwaitWork() {
  ++idle_;
  mutex_.Await(absl::Condition(
      +[](OperationQueue* queue)
           ABSL_EXCLUSIVE_LOCKS_REQUIRED(queue->mutex_) { return queue->HasWork(); },
      this));
  --idle_;
}

bool OperationQueue::NextIsAlone() const {
  return size_ > 0 && groups_.find(turns_.front())->second.front()->lane == Lane::kAlone;
}

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
    Batch abandoned;
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
      const void* group = turns_.front();
      turns_.pop_front();
      const auto entry = groups_.find(group);
      batch = TakeOfGroup(entry->second, abandoned);
      if (entry->second.empty()) {
        groups_.erase(entry);
      } else {
        turns_.push_back(group);
      }
    }
    AnswerAbandoned(abandoned);
    if (!batch.empty()) return batch;
  }
}

size_t OperationQueue::RowLimit(const Operation& first) const {
  switch (first.lane) {
    case Lane::kAlone:
      return 1;
    case Lane::kBulk:
      return settings_.bulk_limit;
    case Lane::kRead:
    case Lane::kWrite:
      break;
  }
  return settings_.batch_limit;
}

Batch OperationQueue::TakeOfGroup(Waiting& waiting, Batch& abandoned) {
  const bool writes = IsWrite(waiting.front()->lane);
  const size_t limit = RowLimit(*waiting.front());
  const Operation::TimePoint now = clock_();
  MetWrites met;
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
    if (IsAbandoned(*operation, now)) {
      bytes_ -= more;
      abandoned.push_back(std::move(operation));
    } else if (writes && met.Meets(WriteOf(*operation))) {
      later.push_back(std::move(operation));
    } else {
      bytes += more;
      rows += operation->rows();
      batch.push_back(std::move(operation));
    }
  }
  // Rows are written in the order of the batch. All batches have the same order, so that two
  // of them that meet in several rows do not wait for each other.
  if (writes) {
    std::sort(batch.begin(), batch.end(), [](const auto& a, const auto& b) {
      const WriteWork& first = WriteOf(*a);
      const WriteWork& second = WriteOf(*b);
      return std::tie(first.key, first.owner) < std::tie(second.key, second.owner);
    });
  }
  bytes_ -= bytes;
  while (!later.empty()) {
    waiting.push_front(std::move(later.back()));
    later.pop_back();
  }
  size_ -= batch.size() + abandoned.size();
  return batch;
}

bool OperationQueue::Borrow() {
  absl::MutexLock lock(&mutex_);
  if (closed_ || lent_ || size_ > 0 || idle_ == 0) return false;
  lent_ = true;
  return true;
}

void OperationQueue::GiveBack() {
  absl::MutexLock lock(&mutex_);
  lent_ = false;
}

void OperationQueue::Expire() {
  Batch abandoned;
  {
    absl::MutexLock lock(&mutex_);
    const Operation::TimePoint now = clock_();
    for (auto& [group, waiting] : groups_) {
      for (auto& operation : waiting) {
        if (!IsAbandoned(*operation, now)) continue;
        bytes_ -= operation->bytes();
        abandoned.push_back(std::move(operation));
      }
      std::erase_if(waiting, [](const auto& operation) { return operation == nullptr; });
    }
    size_ -= abandoned.size();
    std::erase_if(turns_, [&](const void* group) {
      const auto entry = groups_.find(group);
      if (!entry->second.empty()) return false;
      groups_.erase(entry);
      return true;
    });
  }
  AnswerAbandoned(abandoned);
}

void OperationQueue::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

}  // namespace dataservice
