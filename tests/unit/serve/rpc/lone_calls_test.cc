#include "serve/rpc/lone_calls.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

using std::chrono::microseconds;

class LoneCallsTest : public testing::Test {
 protected:
  // A call after a pause, and its answer 100 us later.
  bool Call(microseconds pause, uint64_t connection = 1) {
    now_ += pause;
    const bool is_lone = calls_.Begin(connection, now_);
    now_ += microseconds(100);
    calls_.End(now_);
    return is_lone;
  }

  // Enough calls of one client.
  void BecomeLone() {
    Call(LoneCalls::kShortestTurn);
    for (int i = 0; i < LoneCalls::kCalls; ++i) ASSERT_TRUE(Call(LoneCalls::kShortestPause));
    ASSERT_TRUE(calls_.one_at_a_time());
  }

  LoneCalls calls_;
  LoneCalls::Clock::time_point now_ = LoneCalls::Clock::time_point(std::chrono::hours(1));
};

TEST_F(LoneCallsTest, ManyCallsThatEachWaitForTheAnswerBefore) {
  for (int i = 0; i < LoneCalls::kCalls; ++i) {
    EXPECT_FALSE(calls_.one_at_a_time());
    EXPECT_TRUE(Call(LoneCalls::kShortestTurn));
  }
  EXPECT_TRUE(calls_.one_at_a_time());
}

TEST_F(LoneCallsTest, CallsThatOverlap) {
  BecomeLone();
  EXPECT_TRUE(calls_.Begin(1, now_ += LoneCalls::kShortestPause));
  EXPECT_FALSE(calls_.Begin(1, now_ += LoneCalls::kShortestPause));
  EXPECT_FALSE(calls_.one_at_a_time());
}

TEST_F(LoneCallsTest, ACallThatHasWaitedForItsTurn) {
  BecomeLone();
  EXPECT_FALSE(Call(LoneCalls::kShortestPause - microseconds(1)));
  EXPECT_FALSE(calls_.one_at_a_time());
}

TEST_F(LoneCallsTest, ClientsThatTakeTurns) {
  BecomeLone();
  EXPECT_FALSE(Call(LoneCalls::kShortestTurn - microseconds(1), /*connection=*/2));
  EXPECT_FALSE(calls_.one_at_a_time());
  for (uint64_t i = 0; i < uint64_t{2} * LoneCalls::kCalls; ++i) Call(microseconds(200), i % 2);
  EXPECT_FALSE(calls_.one_at_a_time());
}

TEST_F(LoneCallsTest, ClientsThatSeldomCall) {
  for (uint64_t i = 0; i < LoneCalls::kCalls; ++i) Call(LoneCalls::kShortestTurn, i);
  EXPECT_TRUE(calls_.one_at_a_time());
}

}  // namespace
}  // namespace dataservice
