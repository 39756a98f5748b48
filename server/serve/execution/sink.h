// Where batches go.
#pragma once

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
};

}  // namespace dataservice
