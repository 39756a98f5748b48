// Until when a statement is of use.
#pragma once

#include <chrono>
#include <functional>
#include <utility>

namespace dataservice {

// A statement that is still running when its limit is reached is cancelled (StatementWatch).
struct StatementLimit {
  using TimePoint = std::chrono::system_clock::time_point;

  StatementLimit(TimePoint deadline, std::function<bool()> is_abandoned = nullptr)
      : deadline(deadline), is_abandoned(std::move(is_abandoned)) {}

  bool IsReached(TimePoint now) const {
    return deadline <= now || (is_abandoned != nullptr && is_abandoned());
  }

  TimePoint deadline;
  // Whether nobody waits for the result any more; null: somebody does. Called by the thread that
  // runs the statement, about every 20 ms while it runs.
  std::function<bool()> is_abandoned;
  // Its result is expected at once, and its thread is all that the process has to do: it may keep
  // its core for the moment until then (LibpqConnection::AwaitBriefly).
  bool is_brief = false;
};

}  // namespace dataservice
