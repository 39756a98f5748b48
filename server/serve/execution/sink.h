// Where batches go.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "serve/execution/operation.h"

namespace dataservice {

using Batch = std::vector<std::unique_ptr<Operation>>;

// Executes batches; belongs to one worker. The database in production, anything else in
// tests of the queue.
class Sink {
 public:
  virtual ~Sink() = default;
  // Answers every operation of the batch, which are of one group, before it returns.
  virtual void Execute(Batch batch) = 0;
  // Whether a statement of the last batch did not end in time.
  virtual bool timed_out() const { return false; }
  // Waits until Execute() may be called again, at most for `limit`; returns whether it may.
  virtual bool Settle(std::chrono::milliseconds) { return true; }
};

}  // namespace dataservice
