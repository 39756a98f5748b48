// Room for the operations that wait in a queue.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "serve/execution/operation.h"

namespace dataservice {

// For each place that is free, a caller may have kCallerShare operations in a queue. So one caller
// fills at most eight ninths of it, the next one eight ninths of the rest. The callers of a client
// that are not verified may have kClientShare together: a client that invents callers leaves one of
// 1025 places, and three greedy callers of a gateway leave room for its others.
inline constexpr int64_t kCallerShare = 8;
inline constexpr int64_t kClientShare = 1024;

// Counts the operations that wait, and the bytes of their values: in all, of each caller, and of
// each client whose callers are not verified. Not thread-safe.
class QueueRoom {
 public:
  // So many operations may wait at once, and bytes of their values.
  QueueRoom(size_t operations, size_t bytes);

  // Whether the operation has no room. An operation of any size has room where no other waits.
  bool IsFullFor(const Operation& operation) const;

  // The operation waits, or waits no more.
  void Enter(const Operation& operation);
  void Leave(const Operation& operation);

  // Operations that wait, and the bytes of their values.
  size_t operations() const { return static_cast<size_t>(all_.operations); }
  size_t bytes() const { return static_cast<size_t>(all_.bytes); }

 private:
  struct Amount {
    int64_t operations = 0;
    int64_t bytes = 0;

    Amount& operator+=(const Amount& other);
    Amount& operator-=(const Amount& other);
  };
  using Amounts = absl::flat_hash_map<uint64_t, Amount>;

  static Amount AmountOf(const Operation& operation);
  static Amount Find(const Amounts& amounts, uint64_t number);
  static void Remove(const Amount& amount, uint64_t number, Amounts& amounts);

  const Amount limit_;
  Amount all_;
  Amounts callers_;  // those with operations
  Amounts clients_;
};

}  // namespace dataservice
