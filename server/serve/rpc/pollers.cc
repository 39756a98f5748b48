#include "serve/rpc/pollers.h"

namespace dataservice {

void Pollers::Stop() {
  absl::MutexLock lock(&mutex_);
  stopped_ = true;
  wake_.SignalAll();
}

void Pollers::RestIfSpare() {
  if (resting_ >= threads_ - 1) return;
  absl::MutexLock lock(&mutex_);
  // Another thread waits for events, so that it is not held up.
  if (resting_ < threads_ - 1 && waiting_ > 0 && !stopped_) Rest();
}

void Pollers::Rest() {
  ++resting_;
  bool is_needed = false;
  while (!is_needed && !wanted_ && !stopped_) {
    if (watched_) {
      wake_.Wait(&mutex_);
    } else {
      watched_ = true;
      is_needed = Watch();
      watched_ = false;
    }
  }
  wanted_ = false;
  --resting_;
  wake_.SignalAll();  // another one watches
}

bool Pollers::Watch() {
  uint64_t seen = events_;
  int quiet_ticks = 0;
  while (!wanted_ && !stopped_) {
    const bool is_tick = wake_.WaitWithTimeout(&mutex_, kTick);
    const uint64_t now = events_;
    if (now != seen) {
      seen = now;
      quiet_ticks = 0;
    } else if (is_tick && waiting_ == 0) {
      return true;
    } else if (is_tick && ++quiet_ticks >= kTicksUntilSleep) {
      Sleep(seen);
      quiet_ticks = 0;
    }
  }
  return false;
}

// A thread that has an event counts it before it looks whether one is asleep.
void Pollers::Sleep(uint64_t seen) {
  ++asleep_;
  while (events_ == seen && !wanted_ && !stopped_) wake_.Wait(&mutex_);
  --asleep_;
}

void Pollers::CountEvent() {
  events_.fetch_add(1);
  if (asleep_ == 0) return;
  absl::MutexLock lock(&mutex_);
  wake_.SignalAll();
}

void Pollers::WakeOne() {
  absl::MutexLock lock(&mutex_);
  if (wanted_ || resting_ == 0) return;
  wanted_ = true;
  wake_.SignalAll();
}

}  // namespace dataservice
