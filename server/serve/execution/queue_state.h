// What waits in a queue at a moment.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dataservice {

inline constexpr size_t kLanes = 4;

struct QueueState {
  struct Lane {
    size_t waiting = 0;  // operations
    // Since the oldest of them was prepared; 0 if none waits.
    std::chrono::nanoseconds oldest{0};
    uint64_t refused = 0;  // operations so far, because the queue was full
  };
  // Operations of one statement, or of one custom method.
  struct Group {
    // "/package.Service/Method" of one of them.
    std::string_view method;
    std::string statement;  // its text; empty for a custom method
    size_t waiting = 0;
    int batches = 0;  // under way
    std::chrono::nanoseconds oldest{0};
  };

  std::array<Lane, kLanes> lanes{};  // by dataservice::Lane
  std::vector<Group> groups;         // with operations that wait
  size_t bytes = 0;                  // of the values of all
};

}  // namespace dataservice
