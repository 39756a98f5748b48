#include "serve/rpc/open_calls.h"

#include <gtest/gtest.h>

#include <thread>

#include "absl/time/clock.h"

namespace dataservice::test {
namespace {

struct FakeCall : OpenCall {
  bool IsOverdue(Tick) const override { return is_overdue; }
  void GiveUp() override { ++given_up; }
  void OnTick() override { ++ticks; }
  bool TryHold() override { return is_alive && ++holds > 0; }
  void Release() override { --holds; }

  std::atomic<bool> is_overdue{false};
  std::atomic<bool> is_alive{true};
  std::atomic<int> given_up{0};
  std::atomic<int> ticks{0};
  std::atomic<int> holds{0};
};

bool WaitFor(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000 && !condition(); ++i) absl::SleepFor(absl::Milliseconds(10));
  return condition();
}

TEST(OpenCallsTest, StreamsAreCalled) {
  OpenCalls calls;
  FakeCall stream, unary, dying;
  dying.is_alive = false;
  for (auto* call : {&stream, &unary, &dying}) calls.Enter(*call);
  calls.AddStream(stream);
  calls.AddStream(dying);
  EXPECT_TRUE(WaitFor([&] { return stream.ticks >= 2; }));
  calls.RemoveStream(stream);
  calls.RemoveStream(dying);
  EXPECT_EQ(unary.ticks, 0);
  EXPECT_EQ(dying.ticks, 0);
  for (auto* call : {&stream, &unary, &dying}) calls.Leave(*call);
  EXPECT_TRUE(WaitFor([&] { return stream.holds == 0; }));
}

TEST(OpenCallsTest, OverdueOnesAreGivenUp) {
  OpenCalls calls;
  FakeCall first, second, third;
  second.is_overdue = true;
  for (auto* call : {&first, &second, &third}) calls.Enter(*call);
  EXPECT_TRUE(WaitFor([&] { return second.given_up > 0; }));
  EXPECT_EQ(first.given_up + third.given_up, 0);
  second.is_overdue = false;
  for (auto* call : {&second, &first, &third}) calls.Leave(*call);
  EXPECT_TRUE(WaitFor([&] { return second.holds == 0; }));
}

TEST(OpenCallsTest, ADrainWaitsForCallsAndRefusesNewOnes) {
  OpenCalls calls;
  FakeCall call, late;
  EXPECT_TRUE(calls.Enter(call));
  std::thread drain([&] { calls.WaitForQuiet(absl::Now() + absl::Seconds(20)); });
  EXPECT_TRUE(WaitFor([&] { return calls.refusing(); }));
  EXPECT_FALSE(calls.Enter(late));
  calls.Leave(late);
  calls.Leave(call);
  drain.join();
}

}  // namespace
}  // namespace dataservice::test
