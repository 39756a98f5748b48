// The database goes and comes back: an error at once or at the deadline, never a
// hang, and service again without a restart.
#include <atomic>
#include <thread>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::Counter;

class OutageTest : public EngineTest {
 protected:
  void SetUp() override {
    if (!CanControl()) GTEST_SKIP() << "TEST_DATABASE_CONTROL is not set";
    EngineTest::SetUp();
  }

  StatusCode Upsert(int number, int deadline_ms = 5000) {
    types::v1::UpsertCounterRequest request;
    request.mutable_counter()->set_number(number);
    request.mutable_counter()->set_value(1);
    request.mutable_counter()->set_colour("red");
    Counter counter;
    return engine_.Call("CounterService/UpsertCounter", request, counter, deadline_ms).error_code();
  }
  StatusCode List(int deadline_ms = 5000) {
    types::v1::ListCountersResponse response;
    return engine_
        .Call("CounterService/ListCounters", types::v1::ListCountersRequest(), response,
              deadline_ms)
        .error_code();
  }
  // Service must be back within a few seconds.
  void ExpectRecovery() {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < limit) {
      if (Upsert(1) == StatusCode::OK && List() == StatusCode::OK) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    FAIL() << "no service again within 20 s";
  }
};

TEST_F(OutageTest, AStoppedDatabaseIsUnavailableAndComesBack) {
  ASSERT_EQ(Upsert(1), StatusCode::OK);
  Control("stop");
  for (int i = 0; i < 10; ++i) {
    const auto code = Upsert(1);
    EXPECT_TRUE(code == StatusCode::UNAVAILABLE || code == StatusCode::DEADLINE_EXCEEDED) << code;
    const auto listed = List();
    EXPECT_TRUE(listed == StatusCode::UNAVAILABLE || listed == StatusCode::DEADLINE_EXCEEDED)
        << listed;
  }
  Control("start");
  ExpectRecovery();
}

TEST_F(OutageTest, ARestartBetweenRequestsIsHardlySeen) {
  ASSERT_EQ(Upsert(1), StatusCode::OK);
  Control("restart");
  ExpectRecovery();
}

TEST_F(OutageTest, AKillUnderLoadLosesNoAcknowledgedWrite) {
  std::atomic<bool> stop{false};
  std::vector<std::vector<int>> acknowledged(8);
  std::vector<std::thread> writers;
  for (int w = 0; w < 8; ++w) {
    writers.emplace_back([&, w] {
      for (int n = 1; !stop; ++n) {
        const int number = w * 1000000 + n;
        const auto code = Upsert(number);
        if (code == StatusCode::OK) {
          acknowledged[static_cast<size_t>(w)].push_back(number);
        } else {
          EXPECT_TRUE(code == StatusCode::UNAVAILABLE || code == StatusCode::DEADLINE_EXCEEDED)
              << code;
        }
      }
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  Control("kill");
  Control("start");
  ExpectRecovery();
  stop = true;
  for (std::thread& writer : writers) writer.join();
  std::string list;
  size_t total = 0;
  for (const auto& numbers : acknowledged) {
    for (const int number : numbers) {
      list += (list.empty() ? "" : ",") + std::to_string(number);
      ++total;
    }
  }
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally WHERE number IN (" + list + ")"),
            std::to_string(total));
  EXPECT_GT(total, 0U);
}

}  // namespace
}  // namespace dataservice::test
