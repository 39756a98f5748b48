// Statements that nobody waits for any more end in the database, and free their worker.
#include <algorithm>
#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "absl/strings/str_cat.h"
#include "claims_fixture.h"
#include "postgres/conninfo.h"
#include "relay.h"
#include "slow_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

class CancellationTest : public ClaimsTest {
 protected:
  void SetUp() override {
    ClaimsTest::SetUp();
    Sql("INSERT INTO types.tally SELECT n, 1, 'red' FROM generate_series(1, 100) AS n");
    Sql("INSERT INTO types.\"order\" (code) VALUES ('free')");
  }

  static StatusCode GetFree(Engine& engine) { return GetFreeOrder(engine, 20000); }

  // Statements that the server's role has under way, without the one that counts them.
  static int Busy() {
    pqxx::connection connection(AppDatabase());
    pqxx::nontransaction work(connection);
    return work
        .exec1(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = current_user "
            "AND state = 'active' AND query LIKE '%types.%' AND pid <> pg_backend_pid()")[0]
        .as<int>();
  }
  static bool AwaitBusy(int count) {
    const auto limit = steady_clock::now() + std::chrono::seconds(10);
    while (Busy() != count && steady_clock::now() < limit) {
      std::this_thread::sleep_for(milliseconds(5));
    }
    return Busy() == count;
  }

  // Calls on the locked table from many threads, and returns the most statements that were under
  // way at one time.
  static int MostBusyOf(Engine& engine, int callers) {
    std::atomic<int> left{callers};
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&, i] {
        const StatusCode code = ChangeCounter(engine, i + 1, 300).error_code();
        EXPECT_EQ(code, StatusCode::DEADLINE_EXCEEDED);
        --left;
      });
    }
    int most = 0;
    const auto until = steady_clock::now() + milliseconds(1500);
    while (left > 0 || steady_clock::now() < until) most = std::max(most, Busy());
    for (std::thread& thread : threads) thread.join();
    return most;
  }

  static int AppPort() {
    pqxx::connection connection(AppDatabase());
    return std::stoi(connection.port());
  }
  static std::string Through(const Relay& relay) {
    SetSessionEnvironment();
    return absl::StrCat(*CompleteConnInfo(AppDatabase(), "integration"),
                        "host=127.0.0.1 port=", relay.port());
  }
};

// The worker is the only one. The first of several tries that a busy machine does not disturb
// counts.
TEST_F(CancellationTest, ACallerThatIsGoneFreesItsWorkerWithin100Milliseconds) {
  Engine engine({.workers = 1});
  auto best = milliseconds::max();
  for (int i = 0; i < 10 && best >= milliseconds(100); ++i) {
    ASSERT_EQ(GetFree(engine), StatusCode::OK);
    const HeldLock lock(kLockCounters);
    grpc::ClientContext context;
    std::thread caller([&] {
      const grpc::internal::RpcMethod rpc("/types.v1.CounterService/ListCounters",
                                          grpc::internal::RpcMethod::NORMAL_RPC);
      types::v1::ListCountersResponse response;
      const auto status = grpc::internal::BlockingUnaryCall(
          engine.channel().get(), rpc, &context, types::v1::ListCountersRequest(), &response);
      EXPECT_EQ(status.error_code(), StatusCode::CANCELLED);
    });
    EXPECT_TRUE(AwaitBusy(1));
    const auto start = steady_clock::now();
    context.TryCancel();
    EXPECT_EQ(GetFree(engine), StatusCode::OK);
    best = std::min(best, std::chrono::duration_cast<milliseconds>(steady_clock::now() - start));
    caller.join();
    EXPECT_EQ(Busy(), 0);
  }
  RecordProperty("milliseconds", static_cast<int>(best.count()));
  EXPECT_LT(best, milliseconds(100));
}

TEST_F(CancellationTest, ADeadlineFreesItsWorkerWithin100Milliseconds) {
  Engine engine({.workers = 1});
  auto best = milliseconds::max();
  for (int i = 0; i < 10 && best >= milliseconds(100); ++i) {
    ASSERT_EQ(GetFree(engine), StatusCode::OK);
    const HeldLock lock(kLockCounters);
    const auto deadline = steady_clock::now() + milliseconds(300);
    EXPECT_EQ(ChangeCounter(engine, 1, 300).error_code(), StatusCode::DEADLINE_EXCEEDED);
    EXPECT_EQ(GetFree(engine), StatusCode::OK);
    best = std::min(best, std::chrono::duration_cast<milliseconds>(steady_clock::now() - deadline));
    EXPECT_EQ(Busy(), 0);
  }
  RecordProperty("milliseconds", static_cast<int>(best.count()));
  EXPECT_LT(best, milliseconds(100));
}

TEST_F(CancellationTest, StatementsDoNotPileUp) {
  Engine engine({.workers = 4});
  const HeldLock lock(kLockCounters);
  EXPECT_LE(MostBusyOf(engine, 60), 4);
  EXPECT_TRUE(AwaitBusy(0));
  EXPECT_EQ(GetFree(engine), StatusCode::OK);
}

// No CancelRequest arrives: a worker waits for its statement rather than to begin another one.
TEST_F(CancellationTest, StatementsDoNotPileUpBehindAProxyThatIgnoresCancels) {
  Relay relay(AppPort());
  Engine engine({.workers = 4}, {}, Through(relay));
  ASSERT_EQ(GetFree(engine), StatusCode::OK);
  relay.IgnoreCancels();
  {
    const HeldLock lock(kLockCounters);
    EXPECT_LE(MostBusyOf(engine, 60), 4);
  }
  EXPECT_TRUE(AwaitBusy(0));
  EXPECT_EQ(GetFree(engine), StatusCode::OK);
  EXPECT_TRUE(ChangeCounter(engine, 1, 20000).ok());
}

// What was cancelled was not done, and is done once when it is repeated.
TEST_F(CancellationTest, ACancelledWriteWasRolledBack) {
  Engine engine({.workers = 2});
  const auto write = [&](int timeout_ms) {
    Sample sample;
    return engine.Call("SampleService/CreateSample", CreationOf("a", "r"), sample, timeout_ms);
  };
  for (int i = 0; i < 3; ++i) {
    pqxx::connection connection(OwnerDatabase());
    pqxx::work lock(connection);
    lock.exec("LOCK TABLE types.sample IN SHARE MODE");
    EXPECT_EQ(write(200).error_code(), StatusCode::DEADLINE_EXCEEDED);
    EXPECT_TRUE(AwaitBusy(0));
  }
  EXPECT_EQ(Samples(), "0");
  EXPECT_EQ(Claims(), "0");
  EXPECT_TRUE(write(20000).ok());
  EXPECT_TRUE(write(20000).ok());
  EXPECT_EQ(Samples(), "1");
}

}  // namespace
}  // namespace dataservice::test
