#include "dataservice/client/retry.h"

#include <absl/random/random.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <cstdint>

namespace dataservice::client {
namespace {

absl::BitGen& Random() {
  static thread_local absl::BitGen random;
  return random;
}

}  // namespace

absl::Duration Pause(const Retry& retry, int attempt) {
  absl::Duration longest = retry.cap;
  // 2^30 times any useful base is more than any useful cap.
  if (attempt <= 30) longest = std::min(longest, retry.base * (int64_t{1} << (attempt - 1)));
  return longest * absl::Uniform(absl::IntervalClosed, Random(), 0.0, 1.0);
}

bool WaitForAttempt(const Retry& retry, int attempt, absl::Duration pause, absl::Time deadline,
                    Cancellation* cancellation) {
  if (attempt >= retry.attempts || absl::Now() + pause >= deadline) return false;
  if (cancellation != nullptr) return cancellation->WaitFor(pause);
  absl::SleepFor(pause);
  return true;
}

std::string NewRequestId() {
  const auto high = absl::Uniform<uint64_t>(Random());
  const auto low = absl::Uniform<uint64_t>(Random());
  return absl::StrCat(absl::Hex(high, absl::kZeroPad16), absl::Hex(low, absl::kZeroPad16));
}

}  // namespace dataservice::client
