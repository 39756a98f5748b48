// Many callers with the same request_ids at once.
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "claims_fixture.h"

namespace dataservice::test {
namespace {

class ClaimsRaceTest : public ClaimsTest {
 protected:
  template <typename Work>
  static void Together(int threads, Work work) {
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) all.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : all) thread.join();
  }

  // The different answers to one request of many callers.
  template <typename Request>
  std::set<std::string> AnswersTo(const Request& request) {
    std::mutex mutex;
    std::set<std::string> answers;
    Together(32, [&](int i) {
      const auto answered = Write(i % 2 == 0 ? engine_ : other_, request);
      EXPECT_TRUE(answered.status.ok()) << answered.status.error_message();
      const std::lock_guard lock(mutex);
      answers.insert(answered.Text());
    });
    return answers;
  }

  Engine other_;  // another server on the same database
};

TEST_F(ClaimsRaceTest, OneOfManyCreationsIsDoneAndAllAreAnswered) {
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(AnswersTo(CreationOf("a", "r" + std::to_string(round))).size(), 1U);
    EXPECT_EQ(Samples(), std::to_string(round + 1));
  }
}

TEST_F(ClaimsRaceTest, OneOfManyChangesIsDone) {
  const Sample sample = Stored("a");
  EXPECT_EQ(AnswersTo(UpdateOf(sample.id(), "b", "r")).size(), 1U);
  auto under_version = UpdateOf("", "c", "s");
  under_version.mutable_sample()->set_id(sample.id());
  under_version.mutable_sample()->set_etag(Write(UpdateOf(sample.id(), "b", "r")).message.etag());
  EXPECT_EQ(AnswersTo(under_version).size(), 1U);
  EXPECT_EQ(AnswersTo(UpsertOf(sample.id(), "d", "t")).size(), 1U);
  EXPECT_EQ(AnswersTo(DeletionOf(sample.id(), "u")).size(), 1U);
  EXPECT_EQ(AnswersTo(UpsertOf(sample.id(), "e", "v")).size(), 1U);
  auto gone = DeletionOf("01a20c76-3549-792b-8739-70a1d035828a", "w");
  gone.set_allow_missing(true);
  EXPECT_EQ(AnswersTo(gone).size(), 1U);
  EXPECT_EQ(Claims(), "6");
}

// Each id is sent four times, by different callers, so that batches of 32 hold
// new ones, claimed ones and such that are refused.
TEST_F(ClaimsRaceTest, BatchesMixWhatIsNewClaimedAndWrong) {
  constexpr int kIds = 250;
  std::mutex mutex;
  std::map<int, std::set<std::string>> answers;
  std::atomic<int> reused{0};
  std::atomic<int> broken{0};
  Together(50, [&](int caller) {
    for (int n = 0; n < 20; ++n) {
      const int number = (caller * 20 + n * 7) % kIds;
      auto request = CreationOf(std::to_string(number), "r" + std::to_string(number));
      if (number % 10 == 9) request.mutable_sample()->set_order_code("none");
      const auto answered = Write(caller % 2 == 0 ? engine_ : other_, request);
      if (number % 10 == 9) {
        EXPECT_EQ(answered.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
        ++broken;
        continue;
      }
      EXPECT_TRUE(answered.status.ok()) << answered.status.error_message();
      EXPECT_EQ(answered.message.text(), std::to_string(number));
      {
        const std::lock_guard lock(mutex);
        answers[number].insert(answered.Text());
      }
      // By now it is claimed.
      request.mutable_sample()->set_text("another");
      if (ReasonOf(Write(engine_, request).status) == "REQUEST_ID_REUSED") ++reused;
    }
  });
  EXPECT_EQ(reused + broken, 1000);
  for (const auto& [number, texts] : answers) EXPECT_EQ(texts.size(), 1U) << number;
  EXPECT_EQ(Samples(), std::to_string(answers.size()));
  EXPECT_EQ(Claims(), std::to_string(answers.size()));
  EXPECT_GT(answers.size(), 200U);
}

}  // namespace
}  // namespace dataservice::test
