// The end of a thread that executes statements.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dataservice {

// Waits until `done`, which the thread sets with the mutex held. Until then it calls `abort`, which
// ends the thread's statements, again and again: one call may come just before a statement begins.
// The mutex is held before and after, not meanwhile.
template <typename Abort>
void AbortUntil(absl::Mutex& mutex, bool& done, const Abort& abort)
    ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
  constexpr absl::Duration kTick = absl::Milliseconds(20);
  while (!mutex.AwaitWithTimeout(absl::Condition(&done), kTick)) {
    mutex.Unlock();
    abort();
    mutex.Lock();
  }
}

}  // namespace dataservice
