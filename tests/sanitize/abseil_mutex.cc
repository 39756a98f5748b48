// absl::Mutex and absl::CondVar of a library that was built without ThreadSanitizer: the
// public functions that lock and unlock, each with its annotation. libgrpc calls them too.
#include <absl/synchronization/mutex.h>

#include "annotations.h"
#include "serve/rpc/original.h"

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace {

using dataservice::Original;

#define MUTEX "_ZN4absl7debian35Mutex"
#define CONDITION_VARIABLE "_ZN4absl7debian37CondVar"

// Condition::Eval runs in the thread that unlocks, after the annotation of the unlock.
class IgnoredReads {
 public:
  IgnoredReads() { AnnotateIgnoreReadsBegin(__FILE__, __LINE__); }
  ~IgnoredReads() { AnnotateIgnoreReadsEnd(__FILE__, __LINE__); }
};

// A function that locks returns with the lock.
template <typename Result, typename... Parameters>
Result Locking(Original<Result(Mutex*, Parameters...)>& original, Mutex* mutex,
               Parameters... parameters) {
  if constexpr (std::is_void_v<Result>) {
    original(mutex, parameters...);
    __tsan_acquire(mutex);
  } else {
    Result result = original(mutex, parameters...);
    __tsan_acquire(mutex);
    return result;
  }
}

void Unlocking(Original<void(Mutex*)>& original, Mutex* mutex) {
  __tsan_release(mutex);
  original(mutex);
}

}  // namespace

void Mutex::Lock() {
  static constinit Original<void(Mutex*)> original(MUTEX "4LockEv");
  Locking(original, this);
}

void Mutex::Unlock() {
  static constinit Original<void(Mutex*)> original(MUTEX "6UnlockEv");
  Unlocking(original, this);
}

bool Mutex::TryLock() {
  static constinit Original<bool(Mutex*)> original(MUTEX "7TryLockEv");
  return Locking(original, this);
}

void Mutex::ReaderLock() {
  static constinit Original<void(Mutex*)> original(MUTEX "10ReaderLockEv");
  Locking(original, this);
}

void Mutex::ReaderUnlock() {
  static constinit Original<void(Mutex*)> original(MUTEX "12ReaderUnlockEv");
  Unlocking(original, this);
}

bool Mutex::ReaderTryLock() {
  static constinit Original<bool(Mutex*)> original(MUTEX "13ReaderTryLockEv");
  return Locking(original, this);
}

void Mutex::LockWhen(const Condition& condition) {
  static constinit Original<void(Mutex*, const Condition*)> original(MUTEX
                                                                     "8LockWhenERKNS0_9ConditionE");
  Locking(original, this, &condition);
}

void Mutex::ReaderLockWhen(const Condition& condition) {
  static constinit Original<void(Mutex*, const Condition*)> original(
      MUTEX "14ReaderLockWhenERKNS0_9ConditionE");
  Locking(original, this, &condition);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  static constinit Original<bool(Mutex*, const Condition*, Duration)> original(
      MUTEX "19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  return Locking(original, this, &condition, timeout);
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  static constinit Original<bool(Mutex*, const Condition*, Time)> original(
      MUTEX "20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  return Locking(original, this, &condition, deadline);
}

void Mutex::Await(const Condition& condition) {
  static constinit Original<void(Mutex*, const Condition*)> original(MUTEX
                                                                     "5AwaitERKNS0_9ConditionE");
  __tsan_release(this);
  Locking(original, this, &condition);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static constinit Original<bool(Mutex*, const Condition*, Duration)> original(
      MUTEX "16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  __tsan_release(this);
  return Locking(original, this, &condition, timeout);
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static constinit Original<bool(Mutex*, const Condition*, Time)> original(
      MUTEX "17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  __tsan_release(this);
  return Locking(original, this, &condition, deadline);
}

bool Condition::Eval() const {
  static constinit Original<bool(const Condition*)> original("_ZNK4absl7debian39Condition4EvalEv");
  IgnoredReads ignored;
  return original(this);
}

void CondVar::Wait(Mutex* mutex) {
  static constinit Original<void(CondVar*, Mutex*)> original(CONDITION_VARIABLE
                                                             "4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  original(this, mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static constinit Original<bool(CondVar*, Mutex*, Duration)> original(
      CONDITION_VARIABLE "15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  __tsan_release(mutex);
  const bool expired = original(this, mutex, timeout);
  __tsan_acquire(mutex);
  return expired;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static constinit Original<bool(CondVar*, Mutex*, Time)> original(
      CONDITION_VARIABLE "16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  __tsan_release(mutex);
  const bool expired = original(this, mutex, deadline);
  __tsan_acquire(mutex);
  return expired;
}

ABSL_NAMESPACE_END
}  // namespace absl
