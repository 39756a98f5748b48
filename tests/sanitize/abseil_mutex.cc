// absl::Mutex and absl::CondVar of a library that was built without ThreadSanitizer: the
// public functions that lock and unlock, each with its annotation. libgrpc calls them too.
#include <absl/synchronization/mutex.h>

#include "annotations.h"
#include "serve/rpc/grpc_symbol.h"

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
Result Locking(Result (*original)(Mutex*, Parameters...), Mutex* mutex, Parameters... parameters) {
  if constexpr (std::is_void_v<Result>) {
    original(mutex, parameters...);
    __tsan_acquire(mutex);
  } else {
    Result result = original(mutex, parameters...);
    __tsan_acquire(mutex);
    return result;
  }
}

void Unlocking(void (*original)(Mutex*), Mutex* mutex) {
  __tsan_release(mutex);
  original(mutex);
}

}  // namespace

void Mutex::Lock() {
  static auto* const original = Original<void(Mutex*)>(MUTEX "4LockEv");
  Locking(original, this);
}

void Mutex::Unlock() {
  static auto* const original = Original<void(Mutex*)>(MUTEX "6UnlockEv");
  Unlocking(original, this);
}

bool Mutex::TryLock() {
  static auto* const original = Original<bool(Mutex*)>(MUTEX "7TryLockEv");
  return Locking(original, this);
}

void Mutex::ReaderLock() {
  static auto* const original = Original<void(Mutex*)>(MUTEX "10ReaderLockEv");
  Locking(original, this);
}

void Mutex::ReaderUnlock() {
  static auto* const original = Original<void(Mutex*)>(MUTEX "12ReaderUnlockEv");
  Unlocking(original, this);
}

bool Mutex::ReaderTryLock() {
  static auto* const original = Original<bool(Mutex*)>(MUTEX "13ReaderTryLockEv");
  return Locking(original, this);
}

void Mutex::LockWhen(const Condition& condition) {
  static auto* const original =
      Original<void(Mutex*, const Condition*)>(MUTEX "8LockWhenERKNS0_9ConditionE");
  Locking(original, this, &condition);
}

void Mutex::ReaderLockWhen(const Condition& condition) {
  static auto* const original =
      Original<void(Mutex*, const Condition*)>(MUTEX "14ReaderLockWhenERKNS0_9ConditionE");
  Locking(original, this, &condition);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const original = Original<bool(Mutex*, const Condition*, Duration)>(
      MUTEX "19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  return Locking(original, this, &condition, timeout);
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  static auto* const original = Original<bool(Mutex*, const Condition*, Time)>(
      MUTEX "20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  return Locking(original, this, &condition, deadline);
}

void Mutex::Await(const Condition& condition) {
  static auto* const original =
      Original<void(Mutex*, const Condition*)>(MUTEX "5AwaitERKNS0_9ConditionE");
  __tsan_release(this);
  Locking(original, this, &condition);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  static auto* const original = Original<bool(Mutex*, const Condition*, Duration)>(
      MUTEX "16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE");
  __tsan_release(this);
  return Locking(original, this, &condition, timeout);
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  static auto* const original = Original<bool(Mutex*, const Condition*, Time)>(
      MUTEX "17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE");
  __tsan_release(this);
  return Locking(original, this, &condition, deadline);
}

bool Condition::Eval() const {
  static auto* const original =
      Original<bool(const Condition*)>("_ZNK4absl7debian39Condition4EvalEv");
  IgnoredReads ignored;
  return original(this);
}

void CondVar::Wait(Mutex* mutex) {
  static auto* const original =
      Original<void(CondVar*, Mutex*)>(CONDITION_VARIABLE "4WaitEPNS0_5MutexE");
  __tsan_release(mutex);
  original(this, mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static auto* const original = Original<bool(CondVar*, Mutex*, Duration)>(
      CONDITION_VARIABLE "15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  __tsan_release(mutex);
  const bool expired = original(this, mutex, timeout);
  __tsan_acquire(mutex);
  return expired;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const original = Original<bool(CondVar*, Mutex*, Time)>(
      CONDITION_VARIABLE "16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  __tsan_release(mutex);
  const bool expired = original(this, mutex, deadline);
  __tsan_acquire(mutex);
  return expired;
}

ABSL_NAMESPACE_END
}  // namespace absl
