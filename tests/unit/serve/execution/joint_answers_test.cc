#include "serve/execution/joint_answers.h"

#include <gmock/gmock.h>

#include <thread>

namespace dataservice {
namespace {

using Added = JointAnswers::Added;

class FakeSender : public AnswerSender {
 public:
  MOCK_METHOD(void, SendAnswers, (), (override));
};

TEST(JointAnswersTest, SendsAtTheEndOnce) {
  testing::StrictMock<FakeSender> first;
  testing::StrictMock<FakeSender> second;
  {
    JointAnswers together;
    EXPECT_EQ(JointAnswers::Add(first), Added::kFirst);
    EXPECT_EQ(JointAnswers::Add(second), Added::kFirst);
    EXPECT_EQ(JointAnswers::Add(first), Added::kAgain);
    testing::Mock::VerifyAndClearExpectations(&first);
    EXPECT_CALL(first, SendAnswers);
    EXPECT_CALL(second, SendAnswers);
  }
}

TEST(JointAnswersTest, OnlyWhileItExistsAndInItsThread) {
  testing::StrictMock<FakeSender> sender;
  EXPECT_EQ(JointAnswers::Add(sender), Added::kNo);
  {
    JointAnswers together;
    std::thread([&] { EXPECT_EQ(JointAnswers::Add(sender), Added::kNo); }).join();
  }
  EXPECT_EQ(JointAnswers::Add(sender), Added::kNo);
}

// A sender that sends may answer further calls, which are sent at once.
TEST(JointAnswersTest, IsOverWhenItSends) {
  testing::StrictMock<FakeSender> sender;
  EXPECT_CALL(sender, SendAnswers).WillOnce([&] {
    EXPECT_EQ(JointAnswers::Add(sender), Added::kNo);
  });
  JointAnswers together;
  EXPECT_EQ(JointAnswers::Add(sender), Added::kFirst);
}

}  // namespace
}  // namespace dataservice
