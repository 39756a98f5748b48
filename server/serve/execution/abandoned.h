// Operations that nobody waits for any more, among those that wait.
#pragma once

#include <utility>

#include "serve/execution/sink.h"

namespace dataservice {

// Moves those that are abandoned from `operations`, a container of them, to `abandoned`.
template <typename Operations>
void TakeAbandoned(Operations& operations, Operation::TimePoint now, Batch& abandoned) {
  for (auto& operation : operations) {
    if (IsAbandoned(*operation, now)) abandoned.push_back(std::move(operation));
  }
  std::erase_if(operations, [](const auto& operation) { return operation == nullptr; });
}

}  // namespace dataservice
