#include "serve/connection/partial_messages.h"

#include <gtest/gtest.h>

#include <string>

namespace dataservice::test {
namespace {

std::string Message(uint32_t length, size_t sent) {
  std::string message(5, '\0');
  for (int i = 0; i < 4; ++i) message[1 + i] = static_cast<char>(length >> (24 - 8 * i));
  return message + std::string(sent, 'x');
}

PartialMessages::Clock::time_point now;

class PartialMessagesTest : public testing::Test {
 protected:
  void Send(uint32_t stream, const std::string& data, bool ends = false) {
    messages_.Begin(stream);
    messages_.Add(reinterpret_cast<const uint8_t*>(data.data()), data.size());
    messages_.End(ends, [] { return now; });
  }

  PartialMessages messages_;
};

TEST_F(PartialMessagesTest, CompleteOnesDoNotCount) {
  Send(1, Message(100, 100), true);
  Send(3, Message(10, 10) + Message(0, 0) + Message(20, 20));
  EXPECT_EQ(messages_.bytes(), 0U);
}

TEST_F(PartialMessagesTest, PartsCountUntilTheRestArrives) {
  Send(1, Message(100, 60));
  Send(3, Message(1000, 5));
  EXPECT_EQ(messages_.bytes(), 75U);
  Send(1, std::string(39, 'x'));
  EXPECT_EQ(messages_.bytes(), 114U);
  Send(1, "x" + Message(50, 1));
  EXPECT_EQ(messages_.bytes(), 16U);
  Send(3, "", true);
  Send(1, "", true);
  EXPECT_EQ(messages_.bytes(), 0U);
}

TEST_F(PartialMessagesTest, FramesMayDivideTheLength) {
  const std::string message = Message(3, 3);
  for (const char byte : message.substr(0, 7)) Send(1, std::string(1, byte));
  EXPECT_EQ(messages_.bytes(), 7U);
  Send(1, message.substr(7));
  EXPECT_EQ(messages_.bytes(), 0U);
}

TEST_F(PartialMessagesTest, AResetStreamDoesNotCount) {
  Send(1, Message(100, 60));
  messages_.Reset(3);
  EXPECT_EQ(messages_.bytes(), 65U);
  messages_.Reset(1);
  EXPECT_EQ(messages_.bytes(), 0U);
}

TEST_F(PartialMessagesTest, OldOnesAreForgotten) {
  now = {};
  Send(1, Message(100, 60));
  now += std::chrono::seconds(10);
  Send(3, Message(100, 1));
  messages_.ForgetBefore(now);
  EXPECT_EQ(messages_.bytes(), 6U);
}

}  // namespace
}  // namespace dataservice::test
