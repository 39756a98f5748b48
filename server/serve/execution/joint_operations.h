// Operations that arrive together, and join the queue together.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "serve/execution/sink.h"

namespace dataservice {

class Executor;

// While it exists, Executor::Submit() of its thread lets operations wait for its end, where they
// join the queues of their executors, all at once: the first worker to look then finds all of
// them, and executes them as one batch, instead of the first one alone. It does not nest.
class JointOperations {
 public:
  JointOperations();
  ~JointOperations();
  JointOperations(const JointOperations&) = delete;
  JointOperations& operator=(const JointOperations&) = delete;

  // Takes the operation, if one exists on this thread; otherwise leaves it, and returns false.
  // The executor must exist until the end.
  static bool Add(Executor& executor, std::unique_ptr<Operation>& operation);

 private:
  std::vector<std::pair<Executor*, Batch>> operations_;
};

}  // namespace dataservice
