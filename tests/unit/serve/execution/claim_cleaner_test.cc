#include "serve/execution/claim_cleaner.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"

namespace dataservice::test {
namespace {

TEST(ClaimCleaner, PausesAreATenthOfTheTimeWithinLimits) {
  for (int i = 0; i < 100; ++i) {
    const absl::Duration pause = PauseOfCleaner(std::chrono::seconds(100));
    EXPECT_GE(pause, absl::Seconds(5));
    EXPECT_LE(pause, absl::Seconds(15));
    EXPECT_LE(PauseOfCleaner(std::chrono::hours(24)), absl::Minutes(15));
    EXPECT_GE(PauseOfCleaner(std::chrono::seconds(1)), absl::Milliseconds(500));
  }
  EXPECT_NE(PauseOfCleaner(std::chrono::hours(24)), PauseOfCleaner(std::chrono::hours(24)));
}

TEST(ClaimCleaner, TriesAgainWithANewConnectionAfterAFailure) {
  Canceller canceller;
  ConnectionCounts counts;
  std::atomic<int> connected{0};
  absl::Notification thrice;
  const ClaimCleaner cleaner({}, {.schemas = {"a", "b"},
                                  .connect =
                                      [&] {
                                        if (++connected == 3) thrice.Notify();
                                        return std::make_unique<Connection>(
                                            ConnectionSettings{"host=/nowhere"}, canceller, counts);
                                      },
                                  .pause = [] { return absl::Milliseconds(1); }});
  EXPECT_TRUE(thrice.WaitForNotificationWithTimeout(absl::Seconds(30)));
}

TEST(ClaimCleaner, StopsInAPause) {
  absl::Notification asked;
  const absl::Time start = absl::Now();
  {
    const ClaimCleaner cleaner({}, {.schemas = {"a"},
                                    .connect = []() -> std::unique_ptr<Connection> {
                                      ADD_FAILURE() << "a pass began";
                                      return nullptr;
                                    },
                                    .pause =
                                        [&] {
                                          asked.Notify();
                                          return absl::Hours(1);
                                        }});
    asked.WaitForNotification();
  }
  EXPECT_LT(absl::Now() - start, absl::Minutes(1));
}

}  // namespace
}  // namespace dataservice::test
