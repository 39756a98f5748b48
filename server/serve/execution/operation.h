// One operation: work, and who waits for it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "serve/execution/observer.h"
#include "serve/execution/outcome.h"
#include "serve/execution/work.h"

namespace dataservice {

// Gets the result of an operation, once, from any thread. Must not block.
class Completion {
 public:
  virtual ~Completion() = default;
  virtual void Succeed(Operation& operation, Outcome outcome) = 0;
  virtual void Fail(Operation& operation, absl::Status status) = 0;
  // Whether nobody waits for the result any more. Thread-safe.
  virtual bool cancelled() const = 0;
};

// How an operation shares a batch with others of its group.
enum class Lane {
  // With any of them.
  kRead,
  // WriteWork: with writes of other keys and other request_ids, in the order of the keys.
  kWrite,
  // As kWrite, in larger batches: nobody waits for the row alone.
  kBulk,
  // With none.
  kAlone,
};

// Of a read that a reader executes (serve/reader).
struct OnReader {
  // It sees everything that was acknowledged before.
  SteadyTime must_see;
  // Of the caller. That of the operation is earlier, so that the writer can still execute it.
  std::chrono::system_clock::time_point deadline;
};

// Who asked for an operation, as numbers that are equal for equal ones.
struct Origin {
  uint64_t caller = 0;
  // The client, if the caller is not verified: all such callers of a client share a limit of the
  // queue. Otherwise 0.
  uint64_t client = 0;
};

// The queue owns it until a worker takes it.
struct Operation {
  using TimePoint = std::chrono::system_clock::time_point;

  Operation(Work w, Lane l, TimePoint d) : work(std::move(w)), lane(l), deadline(d) {}

  Work work;
  Lane lane;
  TimePoint deadline;
  // Operations of different callers take turns in the queue.
  Origin origin;
  // Absent for all operations of the writer.
  std::optional<OnReader> on_reader;
  // For the completion to tell its operations apart: the position of an import's message.
  int64_t tag = 0;
  Completion* completion = nullptr;  // outlives the operation
  // "/package.Service/Method", which outlives it; empty for the operations of a custom method.
  std::string_view method;
  // The batch that it is part of, while that is executed and observed; otherwise null.
  BatchExecution* execution = nullptr;
  // It came alone (UnaryCall::comes_alone), and the thread that read it executes it.
  bool is_alone = false;
  // When it was prepared.
  SteadyTime created = std::chrono::steady_clock::now();
  // Rows of its result, once it has succeeded.
  uint64_t result_rows = 0;

  // Operations of one group may share a batch, and groups take turns: the statement, or the
  // custom method. Null for a batch method without elements.
  const void* group() const;
  // Memory that it takes while it waits: the bytes of its values.
  size_t bytes() const;
  // Its part of a batch, in rows. 25 rows of a page count as one: the gain of a batch
  // flattens at so many rows, and its limit also bounds the memory of its result, and the time for
  // which a list waits for the others.
  size_t rows() const;
};

// Where its time went until now, on the thread that answers it.
OperationTimes TimesOf(const Operation& operation);

// Answers the operation.
void Complete(Operation& operation, absl::StatusOr<Outcome> outcome);

// Answers a batch method without elements; false if the operation has work to do.
bool AnswerIfEmpty(Operation& operation);

// Whether nobody waits for the result any more: the operation was cancelled, or its deadline
// has passed.
bool IsAbandoned(const Operation& operation, Operation::TimePoint now);

// The status of an operation that is abandoned.
absl::Status StatusOfAbandoned(const Operation& operation);

}  // namespace dataservice
