#include "serve/execution/executor.h"

#include <algorithm>
#include <utility>

#include "absl/time/time.h"
#include "serve/errors/errors.h"

namespace dataservice {
namespace {

constexpr absl::Duration kExpiryTick = absl::Milliseconds(100);

int EagerWorkers(const ExecutionSettings& settings) {
  if (settings.eager_workers > 0) return settings.eager_workers;
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace

Executor::Executor(const ExecutionSettings& settings, const SinkFactory& make_sink,
                   std::function<void()> abort)
    : abort_(std::move(abort)),
      cache_(settings.statement_capacity),
      queue_(settings.queue, [] { return std::chrono::system_clock::now(); }) {
  working_ = settings.workers;
  for (int i = 0; i < settings.workers; ++i) {
    workers_.emplace_back([this, eager = i < EagerWorkers(settings),
                           sink = std::shared_ptr<Sink>(make_sink())] { Work(*sink, eager); });
  }
  expirer_ = std::thread([this] { ExpireLoop(); });
}

Executor::~Executor() { Drain(Operation::TimePoint::max()); }

void Executor::Work(Sink& sink, bool eager) {
  for (Batch batch = queue_.Take(eager); !batch.empty(); batch = queue_.Take(eager)) {
    sink.Execute(std::move(batch));
  }
  absl::MutexLock lock(&mutex_);
  --working_;
}

void Executor::Submit(std::unique_ptr<Operation> operation) {
  if (AnswerIfEmpty(*operation)) return;
  const std::unique_ptr<Operation> refused = Offer(std::move(operation));
  if (refused != nullptr) refused->completion->Fail(*refused, QueueFull());
}

std::unique_ptr<Operation> Executor::Offer(std::unique_ptr<Operation> operation) {
  std::unique_ptr<Operation> refused = queue_.Add(std::move(operation));
  if (refused == nullptr) return nullptr;
  mutex_.Lock();
  const bool stopping = stopping_;
  mutex_.Unlock();
  if (!stopping) return refused;
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

void Executor::ExpireLoop() {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kExpiryTick)) {
    mutex_.Unlock();
    queue_.Expire();
    mutex_.Lock();
  }
}

}  // namespace dataservice
