#include "serve/execution/executor.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "serve/errors/errors.h"
#include "serve/execution/joint_operations.h"

namespace dataservice {
namespace {

constexpr absl::Duration kExpiryTick = absl::Milliseconds(100);
constexpr std::chrono::milliseconds kSettleTick{100};

int EagerWorkers(const ExecutionSettings& settings) {
  if (settings.eager_workers > 0) return settings.eager_workers;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

QueueShares SharesOf(const ExecutionSettings& settings) {
  const int slow = std::max(1, settings.workers - settings.read_workers);
  const int scans = settings.scan_workers > 0 ? settings.scan_workers : (slow + 1) / 2;
  return {.slow = slow, .scans = std::min(scans, slow)};
}

}  // namespace

Executor::Executor(const ExecutionSettings& settings, const SinkFactory& make_sink,
                   std::function<void()> abort)
    : abort_(std::move(abort)),
      cache_(settings.statement_capacity),
      queue_(settings.queue, SharesOf(settings), [] { return std::chrono::system_clock::now(); }) {
  working_ = settings.workers;
  for (int i = 0; i < settings.workers; ++i) {
    free_sinks_.push_back(make_sink());
  }
  for (int i = 0; i < settings.workers; ++i) {
    workers_.emplace_back([this, eager = i < EagerWorkers(settings)] { Work(eager); });
  }
  expirer_ = std::thread([this] { ExpireLoop(); });
}

Executor::~Executor() { Drain(Operation::TimePoint::max()); }

void Executor::Work(bool eager) {
  for (Assignment work = queue_.Take(eager); !work.batch.empty(); work = queue_.Take(eager)) {
    std::unique_ptr<Sink> sink = ExecuteBatch(std::move(work.batch));
    const bool timed_out = sink->timed_out();
    while (!sink->Settle(kSettleTick) && !StopsWithin(absl::ZeroDuration())) {
    }
    ReturnSink(std::move(sink));
    queue_.Finish(work, timed_out);
  }
  absl::MutexLock lock(&mutex_);
  --working_;
}

std::unique_ptr<Sink> Executor::ExecuteBatch(Batch batch) {
  const bool is_one = batch.size() == 1;
  const uint64_t arrived = arrived_.load(std::memory_order_relaxed);
  executing_.fetch_add(1, std::memory_order_relaxed);
  std::unique_ptr<Sink> sink = TakeSink();
  sink->Execute(std::move(batch));
  const bool is_last = executing_.fetch_sub(1, std::memory_order_relaxed) == 1;
  was_alone_.store(is_one && is_last && arrived == arrived_.load(std::memory_order_relaxed),
                   std::memory_order_relaxed);
  return sink;
}

std::unique_ptr<Sink> Executor::TakeSink() {
  absl::MutexLock lock(&mutex_);
  std::unique_ptr<Sink> sink = std::move(free_sinks_.back());
  free_sinks_.pop_back();
  return sink;
}

void Executor::ReturnSink(std::unique_ptr<Sink> sink) {
  absl::MutexLock lock(&mutex_);
  free_sinks_.push_back(std::move(sink));
}

bool Executor::IsLone(const Operation& operation) const {
  return was_alone_.load(std::memory_order_relaxed) &&
         executing_.load(std::memory_order_relaxed) == 0 && operation.lane != Lane::kAlone &&
         !IsAbandoned(operation, std::chrono::system_clock::now());
}

void Executor::Execute(std::unique_ptr<Operation> operation, bool comes_alone) {
  if (AnswerIfEmpty(*operation)) return;
  std::optional<Assignment> work;
  if (IsLone(*operation)) work = queue_.Borrow(operation);
  if (!work) return Submit(std::move(operation));
  arrived_.fetch_add(1, std::memory_order_relaxed);
  Lone lone{.assignment = *std::move(work)};
  lone.assignment.batch.front()->is_alone = comes_alone;
  lone.sink = ExecuteBatch(std::move(lone.assignment.batch));
  if (lone.sink->Settle(std::chrono::milliseconds(0))) return EndLone(std::move(lone));
  {
    absl::MutexLock lock(&mutex_);
    settling_ = std::move(lone);
    if (!stopping_) return;
  }
  EndSettling(true);
}

void Executor::EndLone(Lone lone) {
  const bool timed_out = lone.sink->timed_out();
  ReturnSink(std::move(lone.sink));
  queue_.GiveBack(lone.assignment, timed_out);
}

void Executor::EndSettling(bool force) {
  std::optional<Lone> lone;
  {
    absl::MutexLock lock(&mutex_);
    if (!settling_) return;
    if (!force && !settling_->sink->Settle(std::chrono::milliseconds(0))) return;
    lone.swap(settling_);
  }
  EndLone(*std::move(lone));
}

void Executor::Submit(std::unique_ptr<Operation> operation) {
  if (AnswerIfEmpty(*operation) || JointOperations::Add(*this, operation)) return;
  const std::unique_ptr<Operation> refused = Offer(std::move(operation));
  if (refused != nullptr) refused->completion->Fail(*refused, QueueFull());
}

void Executor::SubmitAll(Batch operations) {
  arrived_.fetch_add(operations.size(), std::memory_order_relaxed);
  const Batch refused = queue_.AddAll(std::move(operations));
  if (refused.empty()) return;
  const absl::Status status = is_stopping() ? ShuttingDown() : QueueFull();
  for (const auto& operation : refused) operation->completion->Fail(*operation, status);
}

std::unique_ptr<Operation> Executor::Offer(std::unique_ptr<Operation> operation) {
  arrived_.fetch_add(1, std::memory_order_relaxed);
  std::unique_ptr<Operation> refused = queue_.Add(std::move(operation));
  if (refused == nullptr || !is_stopping()) return refused;
  refused->completion->Fail(*refused, ShuttingDown());
  return nullptr;
}

void Executor::Drain(Operation::TimePoint limit) {
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  queue_.Close();
  {
    absl::MutexLock lock(&mutex_);
    const absl::Condition done(
        +[](int* working) { return *working == 0; }, &working_);
    while (!mutex_.AwaitWithDeadline(done, absl::FromChrono(limit))) {
      // Repeated, because an abort may come just before a statement begins.
      mutex_.Unlock();
      abort_();
      mutex_.Lock();
      if (mutex_.AwaitWithTimeout(done, kExpiryTick)) break;
    }
  }
  for (std::thread& worker : workers_) worker.join();
  expirer_.join();
}

bool Executor::StopsWithin(absl::Duration limit) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&stopping_), limit);
}

void Executor::ExpireLoop() {
  while (!StopsWithin(kExpiryTick)) {
    queue_.Expire();
    EndSettling(false);
  }
  EndSettling(true);
}

}  // namespace dataservice
