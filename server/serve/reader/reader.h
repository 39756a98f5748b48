// A second database, a standby of the writer, that executes the reads which may be stale.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "postgres/canceller.h"
#include "serve/execution/executor.h"
#include "serve/reader/reader_state.h"
#include "serve/reader/reader_watch.h"

namespace dataservice {

struct ReaderSettings {
  ConnectionSettings database;
  // Of the workers of the reader. Their number is that of the connections to it, less one.
  ExecutionSettings execution;
  // A reader that is further behind the writer is not used.
  std::chrono::milliseconds max_lag{1000};
};

// What a read must see, at least.
struct ReadBound {
  // The state of the writer at most so long ago; absent: --max_reader_lag.
  std::optional<std::chrono::nanoseconds> max_staleness;
  // The token of a write (Reader::Token); empty: none.
  std::string_view token;
};

// Thread-safe.
class Reader {
 public:
  // `connect` makes a connection to the writer. What it uses and the observer, which may be null,
  // outlive the reader.
  Reader(const ReaderSettings& settings,
         const std::function<std::unique_ptr<Connection>(Canceller&)>& connect_writer,
         ExecutionObserver* observer);

  // Returns whether the reader is known to have what the operation, a read, must see, and if so
  // makes it one of the reader: with half of the time until its deadline, so that the writer has
  // the other half. Otherwise the writer executes the operation.
  bool Admits(const ReadBound& bound, Operation& operation);

  // Executes operations that Admits(). They can fail although the writer could execute them
  // (IsForWriter). Only Submit() or Offer() them: to execute one on the calling thread could hold
  // up two threads of calls, one here and one at the writer.
  Executor& executor() { return executor_; }

  // An operation of the reader has ended with that status, and was answered with it.
  void CountAnswer(const absl::Status& status);
  // An operation of the reader failed, and the writer executes it.
  void CountRepeated() { repeated_.fetch_add(1, std::memory_order_relaxed); }

  // Names this moment. A read that has it in its bound sees everything that was acknowledged
  // before. Tokens of other processes are valid too, but only the writer answers reads with them.
  std::string Token() const;

  ReaderState state() const;

  // As Executor::Drain.
  void Drain(Operation::TimePoint limit) { executor_.Drain(limit); }
  // Stops to watch the databases: after the drain. Belongs to one thread, and may be called again.
  void Stop() { watch_.Stop(); }

 private:
  // The moment of a token; nothing if it is of another process.
  std::optional<SteadyTime> MomentOf(std::string_view token) const;

  const ReaderSettings settings_;
  const std::string process_;  // random: begins the tokens
  // Random: added to the moments of the tokens, which would show how long the machine is running.
  const uint64_t offset_;
  Canceller canceller_;
  Canceller watch_canceller_;
  ConnectionCounts counts_;
  WriterHistory history_;
  std::atomic<uint64_t> answered_{0};
  std::atomic<uint64_t> refused_{0};
  std::atomic<uint64_t> repeated_{0};
  Executor executor_;
  ReaderWatch watch_;
};

// Whether an operation that failed so is to be executed by the writer: the reader executed it, and
// its caller still waits.
bool IsForWriter(const Operation& operation, const absl::Status& status);

// The operation again, for the writer, with the deadline of its caller. Copies the work: the batch
// that has failed may still refer to its statement.
std::unique_ptr<Operation> ForWriter(const Operation& operation);

}  // namespace dataservice
