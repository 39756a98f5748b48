#include "serve/execution/queue.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/time/time.h"

namespace dataservice {
namespace {

bool IsWrite(Lane lane) { return lane == Lane::kWrite || lane == Lane::kBulk; }

const WriteWork& WriteOf(const Operation& operation) { return std::get<WriteWork>(operation.work); }

Share ShareOf(const Operation& operation) {
  const Work& work = operation.work;
  if (std::holds_alternative<ReadWork>(work) || std::holds_alternative<BatchReadWork>(work)) {
    return Share::kReads;
  }
  const bool lists =
      std::holds_alternative<PageWork>(work) || std::holds_alternative<ExportWork>(work);
  return lists && operation.lane == Lane::kAlone ? Share::kScans : Share::kOthers;
}

void AnswerAbandoned(const Batch& operations) {
  for (const auto& operation : operations) {
    operation->completion->Fail(*operation, StatusOfAbandoned(*operation));
  }
}

// Rows are written in the order of the batch. All batches have the same order, so that two
// of them that meet in several rows do not wait for each other.
void SortByKey(Batch& writes) {
  std::sort(writes.begin(), writes.end(), [](const auto& a, const auto& b) {
    const WriteWork& first = WriteOf(*a);
    const WriteWork& second = WriteOf(*b);
    return std::tie(first.key, first.owner) < std::tie(second.key, second.owner);
  });
}

}  // namespace

OperationQueue::OperationQueue(QueueSettings settings, QueueShares shares, Clock clock)
    : settings_(settings),
      shares_(shares),
      clock_(std::move(clock)),
      room_(settings.capacity, settings.capacity_bytes) {}

OperationQueue::Group& OperationQueue::GroupOf(const Operation& operation) {
  const auto [entry, added] = groups_.try_emplace(operation.group());
  if (added) entry->second.share = ShareOf(operation);
  return entry->second;
}

std::unique_ptr<Operation> OperationQueue::Add(std::unique_ptr<Operation> operation) {
  absl::MutexLock lock(&mutex_);
  AddOne(operation);
  return operation;
}

Batch OperationQueue::AddAll(Batch operations) {
  absl::MutexLock lock(&mutex_);
  for (auto& operation : operations) AddOne(operation);
  std::erase(operations, nullptr);
  return operations;
}

void OperationQueue::AddOne(std::unique_ptr<Operation>& operation) {
  if (closed_) return;
  if (room_.IsFullFor(*operation)) {
    ++refused_[static_cast<size_t>(operation->lane)];
    return;
  }
  room_.Enter(*operation);
  const void* const group = operation->group();
  GroupOf(*operation).waiting.PushBack(std::move(operation));
  Settle(groups_.find(group));
}

bool OperationQueue::Permits(Share share) const {
  if (share == Share::kReads) return true;
  return slow_ < shares_.slow && (share != Share::kScans || scans_ < shares_.scans);
}

bool OperationQueue::IsSlow(const Group& group) const {
  const auto left = group.slow_until - clock_();
  return left > left.zero() && left <= kSlowTime;
}

bool OperationQueue::MayBegin(const Group& group) const {
  return group.under_way == 0 || !IsSlow(group);
}

std::optional<Share> OperationQueue::NextShare() const {
  std::optional<Share> next;
  for (const Share share : {Share::kReads, Share::kOthers, Share::kScans}) {
    const Turns& turns = TurnsOf(share);
    if (turns.empty() || !Permits(share)) continue;
    if (!next || turns.front().number < TurnsOf(*next).front().number) next = share;
  }
  return next;
}

void OperationQueue::Settle(Groups::iterator entry) {
  Group& group = entry->second;
  if (group.has_turn) return;
  if (!group.waiting.empty()) {
    if (!MayBegin(group)) return;
    group.has_turn = true;
    TurnsOf(group.share).push_back({next_turn_++, entry->first});
  } else if (group.under_way == 0 && !IsSlow(group)) {
    groups_.erase(entry);
  }
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
  const std::optional<Share> share = NextShare();
  if (!share) return false;
  const Group& group = groups_.find(TurnsOf(*share).front().group)->second;
  return group.waiting.front().lane == Lane::kAlone;
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
    if (IsLeftOver() && (closed_ || taken_ == taken)) return;
  }
}

Assignment OperationQueue::Take(bool eager) {
  while (true) {
    Batch abandoned;
    Assignment assignment;
    {
      absl::MutexLock lock(&mutex_);
      if (eager) {
        AwaitWork();
      } else {
        AwaitLeftOver();
      }
      const std::optional<Share> share = NextShare();
      if (!share) return {};
      assignment = TakeTurn(*share, abandoned);
    }
    AnswerAbandoned(abandoned);
    if (!assignment.batch.empty()) return assignment;
  }
}

Assignment OperationQueue::TakeTurn(Share share, Batch& abandoned) {
  Assignment assignment{.group = TurnsOf(share).front().group, .share = share};
  TurnsOf(share).pop_front();
  const auto entry = groups_.find(assignment.group);
  Group& group = entry->second;
  group.has_turn = false;
  TakeOfGroup(group.waiting, assignment, abandoned);
  if (!assignment.batch.empty()) Begin(group);
  Settle(entry);
  return assignment;
}

void OperationQueue::Begin(Group& group) {
  ++taken_;
  ++group.under_way;
  if (group.share != Share::kReads) ++slow_;
  if (group.share == Share::kScans) ++scans_;
}

void OperationQueue::Finish(const Assignment& assignment, bool timed_out) {
  absl::MutexLock lock(&mutex_);
  End(assignment, timed_out);
}

void OperationQueue::End(const Assignment& assignment, bool timed_out) {
  if (assignment.share != Share::kReads) --slow_;
  if (assignment.share == Share::kScans) --scans_;
  Batch released = busy_.Release(assignment.keys);
  // Before those that came later.
  for (auto operation = released.rbegin(); operation != released.rend(); ++operation) {
    const void* const group = (*operation)->group();
    GroupOf(**operation).waiting.PushFront(std::move(*operation));
    if (group != assignment.group) Settle(groups_.find(group));
  }
  const auto entry = groups_.find(assignment.group);
  --entry->second.under_way;
  entry->second.slow_until = timed_out ? clock_() + kSlowTime : Operation::TimePoint();
  Settle(entry);
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

void OperationQueue::TakeOfGroup(Waiting& waiting, Assignment& assignment, Batch& abandoned) {
  const Operation::TimePoint now = clock_();
  Batch& batch = assignment.batch;
  size_t limit = 0;
  size_t bytes = 0;
  size_t rows = 0;
  while (!waiting.empty()) {
    const size_t more = waiting.front().bytes();
    const size_t more_rows = waiting.front().rows();
    const bool fits = bytes + more <= settings_.batch_bytes && rows + more_rows <= limit;
    if (!batch.empty() && !fits) break;
    std::unique_ptr<Operation> operation = waiting.PopFront();
    if (IsAbandoned(*operation, now)) {
      room_.Leave(*operation);
      abandoned.push_back(std::move(operation));
      continue;
    }
    busy_.Occupy(operation, assignment.keys);
    if (operation == nullptr) continue;
    room_.Leave(*operation);
    if (batch.empty()) limit = RowLimit(*operation);
    bytes += more;
    rows += more_rows;
    batch.push_back(std::move(operation));
  }
  if (!batch.empty() && IsWrite(batch.front()->lane)) SortByKey(batch);
}

std::optional<Assignment> OperationQueue::Borrow(std::unique_ptr<Operation>& operation) {
  absl::MutexLock lock(&mutex_);
  const Share share = ShareOf(*operation);
  if (closed_ || lent_ || room_.operations() > 0 || idle_ == 0 || !Permits(share) ||
      busy_.IsBusy(*operation)) {
    return std::nullopt;
  }
  Group& group = GroupOf(*operation);
  if (!MayBegin(group)) return std::nullopt;
  Assignment assignment{.group = operation->group(), .share = share};
  busy_.Occupy(operation, assignment.keys);
  assignment.batch.push_back(std::move(operation));
  Begin(group);
  lent_ = true;
  return assignment;
}

void OperationQueue::GiveBack(const Assignment& assignment, bool timed_out) {
  absl::MutexLock lock(&mutex_);
  End(assignment, timed_out);
  lent_ = false;
}

void OperationQueue::Expire() {
  Batch abandoned;
  {
    absl::MutexLock lock(&mutex_);
    const Operation::TimePoint now = clock_();
    busy_.TakeAbandoned(now, abandoned);
    for (auto& [key, group] : groups_) group.waiting.TakeAbandoned(now, abandoned);
    for (const auto& operation : abandoned) room_.Leave(*operation);
    for (Turns& turns : turns_) {
      std::erase_if(turns, [&](const Turn& turn) {
        Group& group = groups_.find(turn.group)->second;
        group.has_turn = !group.waiting.empty();
        return !group.has_turn;
      });
    }
    for (auto entry = groups_.begin(); entry != groups_.end();) Settle(entry++);
  }
  AnswerAbandoned(abandoned);
}

QueueState OperationQueue::state() const {
  const SteadyTime now = std::chrono::steady_clock::now();
  QueueState state;
  absl::MutexLock lock(&mutex_);
  state.bytes = room_.bytes();
  absl::flat_hash_map<const void*, QueueState::Group> groups;
  for (const auto& [key, group] : groups_) groups[key].batches = group.under_way;
  const auto add = [&](const Operation& operation) {
    QueueState::Lane& lane = state.lanes[static_cast<size_t>(operation.lane)];
    ++lane.waiting;
    lane.oldest = std::max<std::chrono::nanoseconds>(lane.oldest, now - operation.created);
    QueueState::Group& group = groups[operation.group()];
    ++group.waiting;
    group.oldest = std::max<std::chrono::nanoseconds>(group.oldest, now - operation.created);
    group.method = operation.method;
    const Statement* statement = StatementOf(operation.work);
    if (group.statement.empty() && statement != nullptr) group.statement = statement->text;
  };
  for (const auto& [key, group] : groups_) group.waiting.ForEach(add);
  busy_.ForEach(add);
  for (size_t i = 0; i < kLanes; ++i) state.lanes[i].refused = refused_[i];
  for (auto& [key, group] : groups) {
    if (group.waiting > 0) state.groups.push_back(std::move(group));
  }
  return state;
}

void OperationQueue::Close() {
  absl::MutexLock lock(&mutex_);
  closed_ = true;
}

}  // namespace dataservice
