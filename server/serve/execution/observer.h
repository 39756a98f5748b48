// Who observes batches and operations, and what is measured of them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "postgres/connection.h"

namespace dataservice {

enum class Lane;
struct Statement;

using SteadyTime = std::chrono::steady_clock::time_point;

// A batch while a DatabaseSink executes it. Belongs to the worker's thread.
struct BatchExecution {
  // "/package.Service/Method" of the first operation. Others of the batch may be of another method
  // that has the same statement.
  std::string_view method;
  Lane lane;
  size_t operations = 0;
  // Null for a custom method, which has several.
  const Statement* statement = nullptr;
  const Connection* connection = nullptr;
  // When a worker took it, and the times of the connection at that moment.
  SteadyTime taken;
  ConnectionTimes before;

  // Counted while it is executed: rows that were read or written, and operations that were
  // answered by the claim of an earlier request.
  uint64_t rows = 0;
  uint64_t replays = 0;

  // So far.
  ConnectionTimes waited() const { return connection->times() - before; }
};

// Where the time of an operation went, when it is answered.
struct OperationTimes {
  // When it was prepared, and when a worker took it.
  SteadyTime created;
  SteadyTime taken;
  // Of its batch.
  ConnectionTimes waited;
  // Of its batch; 0 if it was not executed.
  size_t operations = 0;
  uint64_t rows = 0;  // of the operation
  bool on_reader = false;
};

// Thread-safe; does not block.
class ExecutionObserver {
 public:
  virtual ~ExecutionObserver() = default;

  virtual void OnBatchBegin(const BatchExecution& batch) = 0;
  virtual void OnBatchEnd(const BatchExecution& batch) = 0;
};

}  // namespace dataservice
