#include "serve/connection/frame_counter.h"

#include <gtest/gtest.h>

#include <string>

#include "engine_limits.h"

namespace dataservice::test {
namespace {

constexpr int kRate = 100;
constexpr int kBurst = 400;       // frames of the budget at once
constexpr int kFirstFrames = 50;  // of a new connection

enum Type : char { kData, kHeaders, kPriority, kReset, kSettings, kPushPromise, kPing };
constexpr char kWindowUpdate = 8;
constexpr char kContinuation = 9;
constexpr char kUnknown = 0x7f;

std::string Frame(char type, size_t size, char flags = 0) {
  std::string frame(9, '\0');
  frame[0] = static_cast<char>(size >> 16);
  frame[1] = static_cast<char>(size >> 8);
  frame[2] = static_cast<char>(size);
  frame[3] = type;
  frame[4] = flags;
  return frame + std::string(size, 'x');
}

struct FakeAccount : Account {
  bool Take(Counted, int64_t amount) override {
    if (counted + amount > limit) return false;
    counted += amount;
    return true;
  }
  void Give(Counted, int64_t amount) override { counted -= amount; }

  int64_t counted = 0;
  int64_t limit = 100000;
};

class FrameCounterTest : public testing::Test {
 protected:
  FrameCounterTest() { EXPECT_TRUE(Receive("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")); }

  bool Receive(const std::string& bytes) {
    return counter_.Receive(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  }
  // How many of the frames are received before the connection must be closed.
  int Accepted(const std::string& frame, int most = 100000) {
    int count = 0;
    while (count < most && Receive(frame)) ++count;
    return count;
  }

  FrameBudget budget_{kRate};
  FakeAccount account_;
  FrameCounter counter_{budget_, account_};
};

TEST_F(FrameCounterTest, CallsAreNotLimited) {
  EXPECT_EQ(Accepted(Frame(kHeaders, 100) + Frame(kData, 50) + Frame(kData, 0, 1)), 100000);
}

// As gRPC's clients in C++ do.
TEST_F(FrameCounterTest, CallsPayForTheirWindows) {
  constexpr uint8_t kWindowUpdate = 8;
  EXPECT_EQ(Accepted(Frame(kHeaders, 100) + Frame(kData, 50, 1) + Frame(kWindowUpdate, 4) +
                     Frame(kWindowUpdate, 4)),
            100000);
}

TEST_F(FrameCounterTest, ResetsAreLimited) {
  const int accepted = Accepted(Frame(kHeaders, 100) + Frame(kReset, 4));
  EXPECT_GE(accepted, kBurst);
  EXPECT_LE(accepted, kBurst + kRate);
  EXPECT_EQ(counter_.problem(), "resets");
  EXPECT_FALSE(Receive(Frame(kData, 50)));
}

TEST_F(FrameCounterTest, FramesOfNoCallAreLimited) {
  for (const auto& [type, size] : {std::pair(kPing, 8),
                                   {kSettings, 6},
                                   {Type(kWindowUpdate), 4},
                                   {kPriority, 5},
                                   {Type(kUnknown), 1},
                                   {kData, 0},
                                   {kData, 4}}) {
    FrameBudget budget(kRate);
    FrameCounter counter(budget, account_);
    const auto receive = [&](const std::string& bytes) {
      return counter.Receive(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    };
    receive(std::string(24, 'P'));
    int accepted = 0;
    while (accepted < 10000 && receive(Frame(type, size))) ++accepted;
    EXPECT_GE(accepted, kBurst + kFirstFrames) << int{type};
    EXPECT_LE(accepted, kBurst + kFirstFrames + kRate) << int{type};
  }
}

TEST_F(FrameCounterTest, WhatIsSentPaysForFrames) {
  for (int i = 0; i < 10000; ++i) {
    counter_.Sent(200);
    ASSERT_TRUE(Receive(Frame(kWindowUpdate, 4) + Frame(kPing, 8) + Frame(kWindowUpdate, 4))) << i;
  }
}

TEST_F(FrameCounterTest, WhatIsSentDoesNotPayForResets) {
  for (int i = 0; i < 10000; ++i) counter_.Sent(1000);
  EXPECT_LE(Accepted(Frame(kReset, 4)), kBurst + kRate);
}

TEST_F(FrameCounterTest, TheClientHasOneBudget) {
  EXPECT_GT(Accepted(Frame(kReset, 4)), 0);
  FrameCounter other(budget_, account_);
  const std::string frames = std::string(24, 'P') + Frame(kReset, 4) + Frame(kReset, 4);
  bool goes_on = true;
  for (int i = 0; i < kRate && goes_on; ++i) {
    goes_on = other.Receive(reinterpret_cast<const uint8_t*>(frames.data()), frames.size());
  }
  EXPECT_FALSE(goes_on);
}

TEST_F(FrameCounterTest, HeadersHaveALimit) {
  const std::string first = Frame(kHeaders, 16000);
  ASSERT_TRUE(Receive(first));
  const int accepted = Accepted(Frame(kContinuation, 16000));
  EXPECT_LE(accepted * 16000, 2 * kMaxMetadataBytes);
  EXPECT_GT(accepted * 16000, kMaxMetadataBytes);
  EXPECT_EQ(counter_.problem(), "headers");
}

// A message with this length, and its first bytes.
std::string DataFrame(char stream, uint32_t length, size_t sent, bool ends = false) {
  std::string frame = Frame(kData, 5 + sent, ends ? 1 : 0);
  frame[8] = stream;
  frame[9] = 0;
  for (int i = 0; i < 4; ++i) frame[10 + i] = static_cast<char>(length >> (24 - 8 * i));
  return frame;
}

TEST_F(FrameCounterTest, PartsOfMessagesAreCounted) {
  EXPECT_TRUE(Receive(DataFrame(1, 1000, 1000, true)));
  EXPECT_EQ(account_.counted, 0);
  EXPECT_TRUE(Receive(DataFrame(3, 1000000, 40000)));
  EXPECT_NEAR(account_.counted, 40000, 100);
  EXPECT_TRUE(Receive(DataFrame(5, 1000000, 40000)));
  EXPECT_NEAR(account_.counted, 80000, 100);
  EXPECT_TRUE(Receive(DataFrame(7, 40000, 40000)));
  std::string reset = Frame(kReset, 4);
  reset[8] = 3;
  EXPECT_TRUE(Receive(reset));
  EXPECT_NEAR(account_.counted, 40000, 100);
  EXPECT_TRUE(Receive(DataFrame(9, 1000000, 40000)));
  EXPECT_FALSE(Receive(DataFrame(11, 1000000, 40000)));
  EXPECT_EQ(counter_.problem(), "parts of messages");
}

TEST_F(FrameCounterTest, FramesArriveInAnyPieces) {
  std::string calls;
  for (int i = 0; i < 50; ++i) calls += Frame(kHeaders, 70) + DataFrame(1, 295, 295);
  for (size_t size = 1; size < 30; ++size) {
    for (size_t at = 0; at < calls.size(); at += size) {
      ASSERT_TRUE(Receive(calls.substr(at, size)));
    }
  }
  EXPECT_LE(Accepted(Frame(kReset, 4)), kBurst + kRate);
}

TEST(FrameBudgetTest, IsFilledAgain) {
  FrameBudget budget(kRate);
  const auto start = FrameBudget::Clock::now();
  const auto spend = [&](std::chrono::milliseconds after) {
    int spent = 0;
    while (spent < 10000 && budget.Spend(start + after)) ++spent;
    return spent;
  };
  EXPECT_EQ(spend(std::chrono::milliseconds(0)), kBurst);
  EXPECT_EQ(spend(std::chrono::milliseconds(0)), 0);
  EXPECT_NEAR(spend(std::chrono::milliseconds(500)), kRate / 2, 1);
  EXPECT_FALSE(budget.is_unused(start + std::chrono::seconds(1)));
  EXPECT_TRUE(budget.is_unused(start + std::chrono::seconds(10)));
  EXPECT_EQ(spend(std::chrono::seconds(10)), kBurst);
}

TEST(FrameBudgetTest, ZeroIsNoLimit) {
  FrameBudget budget(0);
  for (int i = 0; i < 10000; ++i) ASSERT_TRUE(budget.Spend());
}

}  // namespace
}  // namespace dataservice::test
