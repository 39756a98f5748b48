// The workers: each takes batches off the queue and executes them on a sink of
// its own.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "serve/execution/queue.h"
#include "serve/execution/statement_cache.h"

namespace dataservice {

struct ExecutionSettings {
  // Workers, each with one database connection. Because of the batches, 4 are enough for a
  // server of 2 cores; more help if the network to the database is slow.
  int workers = 4;
  // How many of them take waiting operations at once; the others help while those are held
  // up (OperationQueue::Take). More than the machine has cores only make the batches
  // smaller. 0: one per core.
  int eager_workers = 0;
  QueueSettings queue;
  // Statements that are kept, one for each shape (method, mask, filter).
  size_t statement_capacity = 1000;
};

// Thread-safe.
class Executor {
 public:
  using SinkFactory = std::function<std::unique_ptr<Sink>()>;

  // `abort` ends the statements that sinks are executing, from another thread: for a drain
  // that takes too long.
  Executor(
      const ExecutionSettings& settings, const SinkFactory& make_sink,
      std::function<void()> abort = [] {});
  // Drains, without a limit.
  ~Executor();

  // The statement of a shape, built or from the cache.
  std::shared_ptr<const Statement> StatementOf(const Shape& shape) { return cache_.Get(shape); }

  // Queues the operation, which has its completion; it is answered once, maybe before this
  // returns: with QueueFull or ShuttingDown, or because it is a batch without elements.
  void Submit(std::unique_ptr<Operation> operation);

  // As Submit, but returns the operation, unanswered, if the queue is full.
  std::unique_ptr<Operation> Offer(std::unique_ptr<Operation> operation);

  // Refuses new operations, executes those that wait, and returns when the workers are done.
  // Aborts the statements that are still executing at `limit`.
  void Drain(Operation::TimePoint limit);

 private:
  void Work(Sink& sink, bool eager);
  void ExpireLoop();

  const std::function<void()> abort_;
  StatementCache cache_;
  OperationQueue queue_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int working_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::thread> workers_;
  std::thread expirer_;
};

}  // namespace dataservice
