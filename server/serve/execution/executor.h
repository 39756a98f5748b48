// The workers: each takes batches off the queue and executes them on a sink of
// its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "serve/execution/queue.h"
#include "serve/execution/statement_cache.h"

namespace dataservice {

struct ExecutionSettings {
  // Workers, each with one database connection. Because of the batches, 4 and one that is kept for
  // reads are enough for a server of 2 cores; more help if the network to the database is slow.
  int workers = 5;
  // How many of them take waiting operations at once; the others help while those are held
  // up (OperationQueue::Take). More than the machine has cores only make the batches
  // smaller. 0: one per core.
  int eager_workers = 0;
  // How many of them are kept for reads by key: however long everything else takes, these are
  // executed. At least one worker executes the rest, so that a single worker executes all.
  int read_workers = 1;
  // How many may execute scans at once, which are exports and the lists that go alone, and can take
  // long. 0: half of those that are not kept for reads.
  int scan_workers = 0;
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
  // While a JointOperations of this thread exists, it is queued at the end of that.
  void Submit(std::unique_ptr<Operation> operation);
  // Queues all of them before a worker takes one, and answers them as Submit().
  void SubmitAll(Batch operations);

  // As Submit, but executes the operation on the calling thread, which saves a change of threads,
  // if it is alone: no other one is under way, and none was during the one before. Such an
  // operation can take until its deadline; one at a time is executed so, and none in Lane::kAlone.
  // `comes_alone`: as UnaryCall::comes_alone.
  void Execute(std::unique_ptr<Operation> operation, bool comes_alone);

  // As Submit, but returns the operation, unanswered, if the queue is full.
  std::unique_ptr<Operation> Offer(std::unique_ptr<Operation> operation);

  QueueState queue_state() const { return queue_.state(); }

  // Refuses new operations, executes those that wait, and returns when the workers are done.
  // Aborts the statements that are still executing at `limit`.
  void Drain(Operation::TimePoint limit);

 private:
  // A lone operation whose sink has to settle, before its place is given back.
  struct Lone {
    Assignment assignment;
    std::unique_ptr<Sink> sink;
  };

  void Work(bool eager);
  // Executes the batch on a free sink, which is returned. There is one for each worker, and a lone
  // operation takes the place of an idle worker.
  std::unique_ptr<Sink> ExecuteBatch(Batch batch);
  void EndLone(Lone lone);
  // Ends the lone operation that is settling, if there is one and its sink has settled. `force`:
  // ends it in any case.
  void EndSettling(bool force);
  std::unique_ptr<Sink> TakeSink();
  void ReturnSink(std::unique_ptr<Sink> sink);
  bool IsLone(const Operation& operation) const;
  bool is_stopping() {
    absl::MutexLock lock(&mutex_);
    return stopping_;
  }
  // Waits until the executor stops, at most for `limit`; returns whether it does.
  bool StopsWithin(absl::Duration limit);
  void ExpireLoop();

  const std::function<void()> abort_;
  StatementCache cache_;
  OperationQueue queue_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  int working_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Sink>> free_sinks_ ABSL_GUARDED_BY(mutex_);
  std::optional<Lone> settling_ ABSL_GUARDED_BY(mutex_);
  std::atomic<uint64_t> arrived_{0};  // operations so far
  std::atomic<int> executing_{0};     // batches
  // The last batch was one operation, and no other one was under way or arrived meanwhile.
  std::atomic<bool> was_alone_{false};
  std::vector<std::thread> workers_;
  std::thread expirer_;
};

}  // namespace dataservice
