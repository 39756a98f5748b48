// Reads by key while everything else is slow.
#include <algorithm>
#include <atomic>
#include <functional>
#include <pqxx/pqxx>
#include <thread>

#include "slow_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using types::v1::Counter;

constexpr milliseconds kMostAllowed{50};

class LanesTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    Sql("INSERT INTO types.tally SELECT n, 1, 'red' FROM generate_series(1, 100) AS n");
    Sql("INSERT INTO types.\"order\" (code) VALUES ('free')");
  }

  static StatusCode Change(Engine& engine, int number) {
    return ChangeCounter(engine, number, 60000).error_code();
  }
  // With a filter, so that it goes alone.
  static StatusCode Scan(Engine& engine, int number) {
    types::v1::ListSamplesRequest request;
    request.set_filter("i32 > " + std::to_string(number));
    types::v1::ListSamplesResponse response;
    return engine.Call("SampleService/ListSamples", request, response, 60000).error_code();
  }
  static StatusCode GetFree(Engine& engine) { return GetFreeOrder(engine, 60000); }
  static StatusCode GetCounter(Engine& engine) {
    types::v1::GetCounterRequest request;
    request.set_number(100);
    Counter counter;
    return engine.Call("CounterService/GetCounter", request, counter, 60000).error_code();
  }

  // The p99 of four callers' reads during a second.
  static milliseconds P99Of(const std::function<StatusCode()>& read) {
    std::vector<std::vector<steady_clock::duration>> times(4);
    std::vector<std::thread> readers;
    for (auto& own : times) {
      readers.emplace_back([&] {
        const auto until = steady_clock::now() + std::chrono::seconds(1);
        for (auto start = steady_clock::now(); start < until; start = steady_clock::now()) {
          EXPECT_EQ(read(), StatusCode::OK);
          own.push_back(steady_clock::now() - start);
        }
      });
    }
    for (std::thread& reader : readers) reader.join();
    std::vector<steady_clock::duration> all;
    for (const auto& own : times) all.insert(all.end(), own.begin(), own.end());
    const auto at = all.begin() + static_cast<ptrdiff_t>(all.size() * 99 / 100);
    std::nth_element(all.begin(), at, all.end());
    return std::chrono::ceil<milliseconds>(*at);
  }

  // Whether the p99 is below the required one, or, on a busy machine, near the one that the reads
  // had when nothing was slow. Reads that wait for a worker miss it in each try.
  static void ExpectQuick(const std::function<StatusCode()>& read, milliseconds alone) {
    const milliseconds limit = std::max(kMostAllowed, 3 * alone);
    milliseconds best = P99Of(read);
    for (int i = 0; i < 4 && best >= limit; ++i) best = std::min(best, P99Of(read));
    EXPECT_LT(best, limit);
    RecordProperty("p99_milliseconds", static_cast<int>(best.count()));
  }

  // Takes the lock, by which calls of `slow` are held up, and reads meanwhile.
  static void ExpectQuickBeside(int callers, const std::function<StatusCode(int)>& slow,
                                const std::vector<std::function<StatusCode()>>& quick,
                                const char* lock_text) {
    std::vector<milliseconds> alone;
    for (const auto& read : quick) alone.push_back(P99Of(read));
    HeldLock lock(lock_text);
    std::atomic<int> ended{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < callers; ++i) {
      threads.emplace_back([&, i] {
        EXPECT_EQ(slow(i + 1), StatusCode::OK);
        ++ended;
      });
    }
    std::this_thread::sleep_for(milliseconds(100));
    for (size_t i = 0; i < quick.size(); ++i) ExpectQuick(quick[i], alone[i]);
    EXPECT_EQ(ended, 0);
    lock.Release();
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(ended, callers);
  }
};

TEST_F(LanesTest, SlowListsDoNotDelayReadsByKey) {
  ExpectQuickBeside(
      4, [&](int i) { return Scan(engine_, i); }, {[&] { return GetFree(engine_); }},
      "LOCK TABLE types.sample IN ACCESS EXCLUSIVE MODE");
}

// One worker is held up, so that other rows can be written, too.
TEST_F(LanesTest, WritesOfALockedRowDoNotDelayOthers) {
  ExpectQuickBeside(
      4, [&](int) { return Change(engine_, 1); },
      {[&] { return GetCounter(engine_); }, [&] { return Change(engine_, 2); }},
      "SELECT FROM types.tally WHERE number = 1 FOR UPDATE");
}

TEST_F(LanesTest, ALockOfATableAgainstWritesDoesNotDelayReadsByKey) {
  ExpectQuickBeside(
      16, [&](int i) { return Change(engine_, i); },
      {[&] { return GetFree(engine_); }, [&] { return GetCounter(engine_); }},
      "LOCK TABLE types.tally IN SHARE MODE");
}

TEST_F(LanesTest, FewWorkersDoAll) {
  for (const int workers : {1, 2}) {
    Engine engine({.workers = workers});
    std::atomic<int> done{0};
    std::vector<std::thread> threads;
    for (int i = 0; i < 12; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 50; ++n) {
          const auto code = i % 3 == 0   ? Scan(engine, n)
                            : i % 3 == 1 ? Change(engine, n % 5 + 1)
                                         : GetFree(engine);
          if (code == StatusCode::OK) ++done;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(done, 600);
  }
}

}  // namespace
}  // namespace dataservice::test
