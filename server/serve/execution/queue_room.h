// Room for the operations that wait in a queue.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "serve/execution/operation.h"

namespace dataservice {

// A single caller has at most kCallerShare / (kCallerShare + 1) of a queue.
inline constexpr size_t kCallerShare = 8;

// Counts the operations that wait, in all and of each caller. Not thread-safe.
class QueueRoom {
 public:
  // `capacity` operations may wait at once, and `bytes` of their values. The last operation may
  // be larger than what is left.
  QueueRoom(size_t capacity, size_t bytes) : capacity_(capacity), max_bytes_(bytes) {}

  // Whether an operation of the caller has no room. The more operations wait, the fewer may be of
  // one caller: kCallerShare for each place that is free.
  bool IsFullFor(uint64_t caller) const;

  // The operation waits, or waits no more.
  void Enter(const Operation& operation);
  void Leave(const Operation& operation);

  // Operations that wait, and the bytes of their values.
  size_t operations() const { return operations_; }
  size_t bytes() const { return bytes_; }

 private:
  const size_t capacity_;
  const size_t max_bytes_;
  size_t operations_ = 0;
  size_t bytes_ = 0;
  absl::flat_hash_map<uint64_t, size_t> callers_;  // operations of each, if any
};

}  // namespace dataservice
