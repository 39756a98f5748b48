// The operations of one group that wait.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "serve/execution/sink.h"

namespace dataservice {

// Callers (Origin::caller) take turns with one operation each, so that one who sends much does
// not delay the others; operations of a caller leave in the order in which they arrived.
// Not thread-safe.
class Waiting {
 public:
  bool empty() const { return turns_.empty(); }

  void PushBack(std::unique_ptr<Operation> operation);
  // Before the other operations of its caller, whose turn is the next one.
  void PushFront(std::unique_ptr<Operation> operation);

  // The next one. Not if empty.
  const Operation& front() const { return *callers_.find(turns_.front())->second.front(); }
  std::unique_ptr<Operation> PopFront();

  // Calls `visit` with each operation.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const auto& [caller, operations] : callers_) {
      for (const auto& operation : operations) visit(*operation);
    }
  }

  // Moves those that are abandoned to `abandoned`.
  void TakeAbandoned(Operation::TimePoint now, Batch& abandoned);

 private:
  absl::flat_hash_map<uint64_t, std::list<std::unique_ptr<Operation>>> callers_;
  std::deque<uint64_t> turns_;  // the callers that have operations
};

}  // namespace dataservice
