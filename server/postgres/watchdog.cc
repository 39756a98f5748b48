#include "postgres/watchdog.h"

#include <sys/socket.h>

#include "absl/time/time.h"

namespace dataservice {
namespace {

// How late a dead statement may be ended. Coarse, so that guarding one costs no
// wake-up.
constexpr absl::Duration kTick = absl::Milliseconds(100);

}  // namespace

Watchdog::Watchdog() : thread_([this] { Run(); }) {}

Watchdog::~Watchdog() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

Watchdog::Guard::Guard(Watchdog& watchdog, int socket, TimePoint deadline) : watchdog_(watchdog) {
  absl::MutexLock lock(&watchdog_.mutex_);
  entry_ = watchdog_.entries_.insert(watchdog_.entries_.end(), {socket, deadline});
}

Watchdog::Guard::~Guard() {
  absl::MutexLock lock(&watchdog_.mutex_);
  watchdog_.entries_.erase(entry_);
}

void Watchdog::FireAll() {
  absl::MutexLock lock(&mutex_);
  Fire(TimePoint::max());
}

void Watchdog::Run() {
  absl::MutexLock lock(&mutex_);
  while (!mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kTick)) {
    Fire(std::chrono::system_clock::now());
  }
}

void Watchdog::Fire(TimePoint until) {
  for (Entry& entry : entries_) {
    if (entry.fired || entry.deadline > until) continue;
    entry.fired = true;
    shutdown(entry.socket, SHUT_RDWR);
  }
}

}  // namespace dataservice
