#include "execution/executor.h"

#include <utility>

#include "absl/time/time.h"
#include "errors/errors.h"

namespace dataservice {
namespace {

constexpr absl::Duration kExpiryTick = absl::Milliseconds(100);

}  // namespace

Executor::Executor(const ExecutionSettings& settings, const SinkFactory& make_sink)
    : cache_(settings.statement_capacity),
      queue_(settings.queue, [] { return std::chrono::system_clock::now(); }) {
  for (int i = 0; i < settings.workers; ++i) {
    workers_.emplace_back([this, sink = std::shared_ptr<Sink>(make_sink())] {
      while (true) {
        Batch batch = queue_.Take();
        if (batch.empty()) return;
        sink->Execute(std::move(batch));
      }
    });
  }
  expirer_ = std::thread([this] { ExpireLoop(); });
}

Executor::~Executor() { Drain(); }

void Executor::Submit(std::unique_ptr<Operation> operation) {
  const std::unique_ptr<Operation> refused = queue_.Add(std::move(operation));
  if (refused == nullptr) return;
  mutex_.Lock();
  const bool stopping = stopping_;
  mutex_.Unlock();
  refused->completion->Fail(*refused, stopping ? ShuttingDown() : QueueFull());
}

void Executor::Drain() {
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return;
    stopping_ = true;
  }
  queue_.Close();
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
