// A value that threads read while another one replaces it.
#pragma once

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dataservice {

// Thread-safe. (std::atomic<std::shared_ptr> of libstdc++ 12 is not: its load() gives back its
// lock without an order, so that a later store() may write the pointer while it is read.)
template <typename T>
class Replaceable {
 public:
  // Null until the first Set(). A value stays valid for those who have got it.
  std::shared_ptr<const T> Get() const {
    absl::MutexLock lock(&mutex_);
    return value_;
  }
  void Set(std::shared_ptr<const T> value) {
    absl::MutexLock lock(&mutex_);
    value_.swap(value);  // the old one is freed without the lock
  }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const T> value_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
