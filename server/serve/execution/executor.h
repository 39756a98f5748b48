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
  // Workers, each with one database connection. Batches make few of them go a
  // long way: 4 carry a whole server of 2 cores; more help where the network to
  // the database is slow.
  int workers = 4;
  // Of them, how many take what waits at once; the others help where those are held up
  // (OperationQueue::Take). More at once than the machine has cores only make the
  // batches smaller. 0 is one a core.
  int eager_workers = 0;
  QueueSettings queue;
  // Statements that are kept; one a shape (method, mask, filter).
  size_t statement_capacity = 1000;
};

// Thread-safe.
class Executor {
 public:
  using SinkFactory = std::function<std::unique_ptr<Sink>()>;

  // `abort` ends what sinks are executing, from another thread: for a drain that
  // takes too long.
  Executor(
      const ExecutionSettings& settings, const SinkFactory& make_sink,
      std::function<void()> abort = [] {});
  // Drains, without a limit.
  ~Executor();

  // The statement of a shape, for an operation's first field.
  std::shared_ptr<const Statement> StatementOf(const Shape& shape) { return cache_.Get(shape); }

  // Answers it sooner or later, with QueueFull or ShuttingDown at once if need be;
  // at once, too, where it has no statement.
  void Submit(std::unique_ptr<Operation> operation);

  // As Submit, but gives the operation back, unanswered, where the queue is full.
  std::unique_ptr<Operation> Offer(std::unique_ptr<Operation> operation);

  // Takes nothing new, answers what waits, and returns when the workers are done;
  // what is still executing at `limit` is aborted.
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
