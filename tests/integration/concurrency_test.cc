// Many callers at once.
#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "engine_fixture.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::Counter;
using types::v1::Order;
using types::v1::Sample;

class ConcurrencyTest : public EngineTest {
 protected:
  // Runs `work(i)` in so many threads.
  template <typename Work>
  static void Together(int threads, Work work) {
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) all.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : all) thread.join();
  }
};

TEST_F(ConcurrencyTest, OneOfManyCreationsOfAKeyWins) {
  std::atomic<int> created{0};
  std::atomic<int> refused{0};
  Together(100, [&](int) {
    types::v1::CreateOrderRequest request;
    request.mutable_order()->set_code("one");
    Order order;
    const auto code = engine_.Call("OrderService/CreateOrder", request, order).error_code();
    if (code == StatusCode::OK) ++created;
    if (code == StatusCode::ALREADY_EXISTS) ++refused;
  });
  EXPECT_EQ(created, 1);
  EXPECT_EQ(refused, 99);
}

TEST_F(ConcurrencyTest, OneOfManyUpdatesOfAVersionWins) {
  types::v1::CreateSampleRequest create;
  create.mutable_sample();
  Sample sample;
  ASSERT_TRUE(engine_.Call("SampleService/CreateSample", create, sample).ok());
  for (int round = 0; round < 20; ++round) {
    std::atomic<int> won{0};
    std::atomic<int> lost{0};
    Together(16, [&](int i) {
      types::v1::UpdateSampleRequest update;
      update.mutable_sample()->set_id(sample.id());
      update.mutable_sample()->set_etag(sample.etag());
      update.mutable_sample()->set_i32(i + 1);
      Sample changed;
      const auto code = engine_.Call("SampleService/UpdateSample", update, changed).error_code();
      if (code == StatusCode::OK) ++won;
      if (code == StatusCode::ABORTED) ++lost;
    });
    EXPECT_EQ(won, 1);
    EXPECT_EQ(lost, 15);
    types::v1::GetSampleRequest get;
    get.set_id(sample.id());
    ASSERT_TRUE(engine_.Call("SampleService/GetSample", get, sample).ok());
  }
}

TEST_F(ConcurrencyTest, BadRowsDoNotFailTheirNeighbours) {
  std::atomic<int> stored{0};
  std::atomic<int> refused{0};
  std::atomic<int> other{0};
  Together(100, [&](int i) {
    types::v1::CreateSampleRequest request;
    if (i % 3 == 0) request.mutable_sample()->set_order_code("none");
    request.mutable_sample()->set_i32(i);
    Sample sample;
    const auto code = engine_.Call("SampleService/CreateSample", request, sample).error_code();
    if (code == StatusCode::OK && sample.i32() == i) {
      ++stored;
    } else if (code == StatusCode::FAILED_PRECONDITION && i % 3 == 0) {
      ++refused;
    } else {
      ++other;
    }
  });
  EXPECT_EQ(stored, 66);
  EXPECT_EQ(refused, 34);
  EXPECT_EQ(other, 0);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.sample"), "66");
}

TEST_F(ConcurrencyTest, EveryAcknowledgedUpsertIsThereOnce) {
  std::atomic<int> created{0};
  Together(50, [&](int i) {
    for (int n = 0; n < 20; ++n) {
      types::v1::UpsertCounterRequest request;
      request.mutable_counter()->set_number(n + 1);
      request.mutable_counter()->set_value(1.0 / (i + 1));
      request.mutable_counter()->set_colour("red");
      Counter counter;
      const auto status = engine_.Call("CounterService/UpsertCounter", request, counter);
      EXPECT_TRUE(status.ok()) << status.error_message();
      EXPECT_EQ(counter.number(), n + 1);
    }
  });
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "20");
}

TEST_F(ConcurrencyTest, DeletesAndReadsAgree) {
  Sql("INSERT INTO types.tally SELECT n, 1, 'red' FROM generate_series(1, 200) AS n");
  std::atomic<int> deleted{0};
  Together(40, [&](int i) {
    for (int n = 1; n <= 200; ++n) {
      types::v1::DeleteCounterRequest request;
      request.set_number((n + i * 5) % 200 + 1);
      google::protobuf::Empty empty;
      const auto code = engine_.Call("CounterService/DeleteCounter", request, empty).error_code();
      if (code == StatusCode::OK) {
        ++deleted;
      } else {
        EXPECT_EQ(code, StatusCode::NOT_FOUND);
      }
    }
  });
  EXPECT_EQ(deleted, 200);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), "0");
}

class LoneCallTest : public ConcurrencyTest {
 protected:
  static grpc::Status GetFree(Engine& engine, int timeout_ms) {
    types::v1::GetOrderRequest request;
    request.set_code("free");
    Order order;
    return engine.Call("OrderService/GetOrder", request, order, timeout_ms);
  }
  static grpc::Status Change(Engine& engine, int number, int timeout_ms) {
    types::v1::UpsertCounterRequest request;
    request.mutable_counter()->set_number(number);
    request.mutable_counter()->set_value(1);
    request.mutable_counter()->set_colour("green");
    Counter counter;
    return engine.Call("CounterService/UpsertCounter", request, counter, timeout_ms);
  }
  // Calls one after another, so that the next one is executed by the thread that reads it, while
  // the other threads rest.
  static void MakeLone(Engine& engine) {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(GetFree(engine, 60000).ok());
  }
  void SetUp() override {
    ConcurrencyTest::SetUp();
    Sql("INSERT INTO types.tally SELECT n, 1, 'red' FROM generate_series(1, 100) AS n");
    Sql("INSERT INTO types.\"order\" (code) VALUES ('free')");
  }
};

TEST_F(LoneCallTest, OnALockedRowDelaysNoOther) {
  constexpr int kHeldUp = 6;  // at most so many workers
  Engine engine({.workers = 8});
  MakeLone(engine);
  pqxx::connection connection(OwnerDatabase());
  pqxx::work lock(connection);
  lock.exec("SELECT 1 FROM types.tally FOR UPDATE");
  std::atomic<int> updated{0};
  std::thread updates([&] {
    Together(kHeldUp, [&](int i) {
      if (Change(engine, i + 1, 60000).ok()) ++updated;
    });
  });
  for (int i = 0; i < 200; ++i) {
    EXPECT_TRUE(GetFree(engine, 1000).ok());
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  EXPECT_EQ(updated, 0);
  lock.commit();
  updates.join();
  EXPECT_EQ(updated, kHeldUp);
}

TEST_F(LoneCallTest, EndsAtItsDeadline) {
  Engine engine({.workers = 2});
  MakeLone(engine);
  pqxx::connection connection(OwnerDatabase());
  pqxx::work lock(connection);
  lock.exec("SELECT 1 FROM types.tally FOR UPDATE");
  for (int i = 1; i <= 4; ++i) {
    EXPECT_EQ(Change(engine, i, 100).error_code(), StatusCode::DEADLINE_EXCEEDED);
    EXPECT_TRUE(GetFree(engine, 5000).ok());
  }
  lock.commit();
  EXPECT_TRUE(Change(engine, 1, 60000).ok());
}

TEST_F(LoneCallTest, SharesTheOnlyConnectionWithTheWorker) {
  Engine engine({.workers = 1});
  std::atomic<int> done{0};
  for (int round = 0; round < 20; ++round) {
    MakeLone(engine);
    Together(8, [&](int i) {
      if (Change(engine, i + 1, 60000).ok()) ++done;
    });
  }
  EXPECT_EQ(done, 160);
}

TEST_F(LoneCallTest, IsAnsweredBeforeTheServerEnds) {
  grpc::Status status;
  std::thread caller;
  pqxx::connection connection(OwnerDatabase());
  pqxx::work lock(connection);
  {
    Engine engine({.workers = 2});
    MakeLone(engine);
    lock.exec("SELECT 1 FROM types.tally FOR UPDATE");
    caller = std::thread([&] { status = Change(engine, 1, 60000); });
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::thread unlock([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      lock.commit();
    });
    engine.Drain();
    unlock.join();
    caller.join();
  }
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(ConcurrencyTest, ADrainAnswersWhatIsUnderWay) {
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
  std::thread drain;
  Together(32, [&](int i) {
    for (int n = 0; n < 30; ++n) {
      if (i == 0 && n == 10) drain = std::thread([&] { engine_.Drain(); });
      types::v1::UpsertCounterRequest request;
      request.mutable_counter()->set_number(i * 100 + n + 1);
      request.mutable_counter()->set_value(1);
      request.mutable_counter()->set_colour("green");
      Counter counter;
      const auto code = engine_.Call("CounterService/UpsertCounter", request, counter).error_code();
      if (code == StatusCode::OK) {
        ++answered;
      } else {
        EXPECT_EQ(code, StatusCode::UNAVAILABLE);
        ++refused;
      }
    }
  });
  drain.join();
  EXPECT_EQ(answered + refused, 32 * 30);
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally"), std::to_string(answered));
}

}  // namespace
}  // namespace dataservice::test
