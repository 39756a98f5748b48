// The slowest statements of the last minutes.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "serve/execution/observer.h"

namespace dataservice {

struct SlowStatement {
  std::string id;  // of the text
  std::string text;
  std::string method;  // of the first operation that was seen
  size_t parameters = 0;
  uint64_t batches = 0;
  uint64_t operations = 0;
  uint64_t rows = 0;
  std::chrono::nanoseconds sum{0};
  std::chrono::nanoseconds longest{0};
};

// Keeps statements by their texts, in which no value of a request is. Only batches that took
// kSlowBatch or longer are looked at, so that short ones take no lock. Thread-safe.
class SlowStatements {
 public:
  using Clock = SteadyTime (*)();

  explicit SlowStatements(Clock now = [] { return std::chrono::steady_clock::now(); })
      : now_(now) {}

  void Add(const BatchExecution& batch, std::chrono::nanoseconds duration);

  // Those with the longest sums first.
  std::vector<SlowStatement> Slowest(size_t most) const;

  static constexpr std::chrono::milliseconds kSlowBatch{5};

 private:
  static constexpr size_t kMinutes = 5;
  static constexpr size_t kMaxTexts = 200;  // of a minute

  struct Minute {
    int64_t number = -1;
    absl::flat_hash_map<std::string, SlowStatement> by_text;
  };

  int64_t MinuteNumber() const;

  const Clock now_;
  mutable absl::Mutex mutex_;
  std::array<Minute, kMinutes> minutes_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dataservice
