#include "serve/rpc/pollers.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"

namespace dataservice {
namespace {

// Two threads: the test itself, which waits for events, and one that rests, and ends when it does
// so no longer.
class PollersTest : public testing::Test {
 protected:
  PollersTest() {
    for (int i = 0; i < LoneCalls::kCalls; ++i) {
      absl::SleepFor(absl::FromChrono(LoneCalls::kShortestPause));
      pollers_.BeginCall(0);
      pollers_.EndCall();
    }
    pollers_.BeginWait();
    other_ = std::thread([this] {
      pollers_.BeginWait();
      pollers_.EndWait();
    });
    while (pollers_.resting() == 0) absl::SleepFor(absl::Milliseconds(1));
  }
  ~PollersTest() override {
    pollers_.Stop();
    if (other_.joinable()) other_.join();
  }

  void ExpectBothPoll() {
    other_.join();
    EXPECT_EQ(pollers_.resting(), 0);
  }

  Pollers pollers_{2};
  std::thread other_;
};

TEST_F(PollersTest, TheLastThreadDoesNotRest) {
  for (int i = 0; i < 1000; ++i) {
    pollers_.EndWait();
    pollers_.BeginWait();
  }
}

TEST_F(PollersTest, CallsThatOverlapEndARest) {
  pollers_.BeginCall(0);
  pollers_.BeginCall(0);
  ExpectBothPoll();
}

TEST_F(PollersTest, AThreadThatIsHeldUpIsReplaced) {
  pollers_.EndWait();
  ExpectBothPoll();
}

TEST_F(PollersTest, AThreadThatIsHeldUpAfterAPauseIsReplaced) {
  absl::SleepFor(10 * Pollers::kTicksUntilSleep * Pollers::kTick);
  EXPECT_EQ(pollers_.resting(), 1);
  pollers_.EndWait();
  ExpectBothPoll();
}

TEST_F(PollersTest, AWakeEndsARest) {
  pollers_.Wake();
  ExpectBothPoll();
  EXPECT_FALSE(pollers_.one_at_a_time());
}

TEST_F(PollersTest, AStopEndsARestAndAllLaterOnes) {
  pollers_.Stop();
  ExpectBothPoll();
  pollers_.BeginWait();
}

TEST_F(PollersTest, AThreadThatHoldsEventsMayNotBeHeldUp) {
  Pollers::SetHolding(true);
  EXPECT_FALSE(pollers_.has_spare());
  std::thread([this] { EXPECT_TRUE(pollers_.has_spare()); }).join();
  Pollers::SetHolding(false);
  EXPECT_TRUE(pollers_.has_spare());
  EXPECT_FALSE(Pollers(1).has_spare());
  pollers_.Stop();
}

}  // namespace
}  // namespace dataservice
