#include "dataservice/client/consistency.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>

namespace dataservice::client {
namespace {

// More than any service permits.
constexpr absl::Duration kLongest = absl::Hours(24);

int64_t Now() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

}  // namespace

void WriteClock::WriteEnded() {
  const int64_t now = Now();
  int64_t last = last_.load();
  while (last < now && !last_.compare_exchange_weak(last, now)) {
  }
}

absl::Duration WriteClock::SinceLastWrite() const {
  const int64_t last = last_.load();
  return last == 0 ? absl::InfiniteDuration() : absl::Nanoseconds(Now() - last);
}

std::string ReadConsistency(absl::Duration max_staleness, const WriteClock& writes) {
  const absl::Duration bound = std::min(max_staleness, writes.SinceLastWrite());
  if (bound == absl::InfiniteDuration()) return "eventual";
  // Rounded down: a longer time could end before the write.
  const int64_t microseconds = absl::ToInt64Microseconds(std::min(bound, kLongest));
  return absl::StrCat("eventual; max-staleness=", std::max<int64_t>(microseconds, 0), "us");
}

}  // namespace dataservice::client
