// The rows that are being written.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "serve/execution/sink.h"

namespace dataservice {

// Rows and request_ids that are being written, and the operations that wait for them: a second
// worker with a write of such a row would only wait for the row's lock. Not thread-safe.
class BusyKeys {
 public:
  // Hash values of rows and request_ids. Two that are equal by chance wait for each other.
  using Keys = std::vector<uint64_t>;

  // Whether a write of what the operation writes is under way.
  bool IsBusy(const Operation& operation) const;

  // Adds what the operation writes, which makes it busy, to `keys`. If a part of that is busy
  // already, keeps the operation instead, until Release(); then `operation` is null.
  void Occupy(std::unique_ptr<Operation>& operation, Keys& keys);

  // Ends the writes of `keys`. Returns the operations that waited for them, by key and in the
  // order in which they came.
  Batch Release(const Keys& keys);

  // Calls `visit` with each operation that waits.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    for (const auto& [key, operations] : waiting_) {
      for (const auto& operation : operations) visit(*operation);
    }
  }

  // Moves those of the operations that wait which are abandoned to `abandoned`.
  void TakeAbandoned(Operation::TimePoint now, Batch& abandoned);

 private:
  // By key, the operations that wait for it.
  absl::flat_hash_map<uint64_t, Batch> waiting_;
};

}  // namespace dataservice
