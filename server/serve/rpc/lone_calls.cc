#include "serve/rpc/lone_calls.h"

namespace dataservice {

// The times of calls that overlap are not looked at: these are most calls if there are many.
bool LoneCalls::Begin(uint64_t connection, Clock::time_point now) {
  bool is_lone = under_way_.fetch_add(1, std::memory_order_relaxed) == 0;
  if (is_lone) {
    const bool is_same = connection_.load(std::memory_order_relaxed) == connection;
    if (!is_same) connection_.store(connection, std::memory_order_relaxed);
    const Clock::duration pause =
        now.time_since_epoch() - Clock::duration(ended_.load(std::memory_order_relaxed));
    is_lone = pause >= (is_same ? kShortestPause : kShortestTurn);
  }
  if (!is_lone) {
    Reset();
  } else if (!one_at_a_time()) {
    calls_.fetch_add(1, std::memory_order_relaxed);
  }
  return is_lone;
}

void LoneCalls::End(Clock::time_point now) {
  ended_.store(now.time_since_epoch().count(), std::memory_order_relaxed);
  under_way_.fetch_sub(1, std::memory_order_relaxed);
}

}  // namespace dataservice
