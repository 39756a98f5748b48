// Imports: rows in as they come, bad ones counted, and every way to end.
#include <atomic>
#include <pqxx/pqxx>
#include <thread>

#include "google/rpc/code.pb.h"
#include "stream_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::ImportCountersResponse;

class ImportTest : public EngineTest {
 protected:
  static std::string Stored() { return Sql("SELECT count(*) FROM types.tally"); }

  // Until the condition holds; false after a minute.
  template <typename Condition>
  static bool WaitFor(Condition condition) {
    for (int i = 0; i < 6000; ++i) {
      if (condition()) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }
};

TEST_F(ImportTest, AnEmptyStreamImportsNothing) {
  CounterImport import(engine_);
  ASSERT_TRUE(import.Finish().ok());
  EXPECT_EQ(import.response().imported_count(), 0);
  EXPECT_EQ(import.response().failed_count(), 0);
}

TEST_F(ImportTest, ManyRowsWithBadOnesBetween) {
  Sql("INSERT INTO types.tally VALUES (1000000, 1, 'red')");
  CounterImport import(engine_);
  constexpr int kRows = 20000;
  int bad = 0;
  for (int i = 0; i < kRows; ++i) {
    switch (i % 50) {
      case 3:  // breaks a rule
        ASSERT_TRUE(import.Send(i + 1, "blue"));
        break;
      case 7:  // exists
        ASSERT_TRUE(import.Send(1000000));
        break;
      case 11:
        ASSERT_TRUE(import.SendBytes("\xff\xff\xff"));
        break;
      case 13:
        ASSERT_TRUE(import.SendBytes(""));
        break;
      default:
        ASSERT_TRUE(import.Send(i + 1));
        continue;
    }
    ++bad;
  }
  const auto status = import.Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  const ImportCountersResponse& response = import.response();
  EXPECT_EQ(response.imported_count(), kRows - bad);
  EXPECT_EQ(response.failed_count(), bad);
  EXPECT_EQ(Stored(), std::to_string(kRows - bad + 1));
  ASSERT_EQ(response.failures_size(), 100);
  for (int i = 0; i < 100; ++i) {
    constexpr int kAt[] = {3, 7, 11, 13};
    const auto& failure = response.failures(i);
    EXPECT_EQ(failure.position(), i / 4 * 50 + kAt[i % 4]);
    EXPECT_EQ(failure.status().code(),
              i % 4 == 1 ? google::rpc::ALREADY_EXISTS : google::rpc::INVALID_ARGUMENT);
    EXPECT_NE(failure.status().message(), "");
  }
  EXPECT_LT(response.ByteSizeLong(), 120000U);
}

TEST_F(ImportTest, ALongValueMakesNoLongAnswer) {
  CounterImport import(engine_);
  for (int i = 0; i < 110; ++i) ASSERT_TRUE(import.Send(i + 1, std::string(20000, 'x')));
  ASSERT_TRUE(import.Finish().ok());
  EXPECT_EQ(import.response().failed_count(), 110);
  EXPECT_LT(import.response().ByteSizeLong(), 120000U);
}

TEST_F(ImportTest, TheClientWaitsForASlowDatabase) {
  // Nothing can be stored meanwhile.
  pqxx::connection other(OwnerDatabase());
  auto lock = std::make_unique<pqxx::work>(other);
  lock->exec("LOCK TABLE types.sample IN EXCLUSIVE MODE");
  constexpr int kRows = 2000;
  std::atomic<int> sent{0};
  types::v1::ImportSamplesResponse response;
  grpc::Status status;
  std::thread client([&] {
    grpc::ClientContext context;
    const grpc::internal::RpcMethod rpc("/types.v1.SampleService/ImportSamples",
                                        grpc::internal::RpcMethod::CLIENT_STREAMING);
    const std::unique_ptr<grpc::ClientWriter<types::v1::CreateSampleRequest>> writer(
        grpc::internal::ClientWriterFactory<types::v1::CreateSampleRequest>::Create(
            engine_.channel().get(), rpc, &context, &response));
    types::v1::CreateSampleRequest request;
    request.mutable_sample()->set_text(std::string(100000, 'x'));
    while (sent < kRows && writer->Write(request)) ++sent;
    writer->WritesDone();
    status = writer->Finish();
  });
  // It stops: what it could send does not change any more.
  int last = -1;
  int calm = 0;
  EXPECT_TRUE(WaitFor([&] {
    calm = sent == last ? calm + 1 : 0;
    last = sent;
    return calm > 25 && last > 0;
  }));
  EXPECT_LT(last, 500);  // 50 MB: the limit, and what HTTP/2 holds
  lock.reset();
  client.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.imported_count(), kRows);
}

TEST_F(ImportTest, AFullQueueIsWaitedFor) {
  Engine small({.workers = 1, .queue = {.capacity = 3, .batch_limit = 2}});
  CounterImport import(small);
  for (int i = 0; i < 500; ++i) ASSERT_TRUE(import.Send(i + 1));
  ASSERT_TRUE(import.Finish().ok());
  EXPECT_EQ(import.response().imported_count(), 500);
  EXPECT_EQ(import.response().failed_count(), 0);
}

TEST_F(ImportTest, AClientThatLeavesLeavesNothingBehind) {
  {
    CounterImport import(engine_, 0);
    for (int i = 0; i < 3000; ++i) ASSERT_TRUE(import.Send(i + 1));
    import.Cancel();
    EXPECT_EQ(import.Finish().error_code(), StatusCode::CANCELLED);
  }
  CounterImport next(engine_);
  ASSERT_TRUE(next.Send(1000000));
  ASSERT_TRUE(next.Finish().ok());
  EXPECT_EQ(next.response().imported_count(), 1);
  EXPECT_LE(std::stoi(Stored()), 3001);
  engine_.Drain();  // does not hang
}

TEST_F(ImportTest, ADeadlineEndsIt) {
  CounterImport import(engine_, 300);
  int64_t number = 0;
  while (import.Send(++number)) {
  }
  EXPECT_EQ(import.Finish().error_code(), StatusCode::DEADLINE_EXCEEDED);
  engine_.Drain();
  EXPECT_LE(std::stoll(Stored()), number);
}

TEST_F(ImportTest, ADrainEndsItWithWhatWasImported) {
  CounterImport import(engine_, 0);
  std::thread drain;
  int64_t number = 0;
  while (import.Send(++number)) {
    if (number == 2000) drain = std::thread([&] { engine_.Drain(); });
  }
  const auto status = import.Finish();
  drain.join();
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE) << status.error_message();
  auto end = EndOf(status);
  EXPECT_EQ(end["reason"], "SHUTTING_DOWN");
  EXPECT_EQ(end["failed_count"], "0");
  EXPECT_EQ(end["imported_count"], end["position"]);
  EXPECT_EQ(end["imported_count"], Stored());
}

TEST_F(ImportTest, ASilentOneIsDrainedToo) {
  CounterImport import(engine_, 0);
  ASSERT_TRUE(import.Send(1));
  ASSERT_TRUE(WaitFor([] { return Stored() == "1"; }));
  engine_.Drain();
  const auto status = import.Finish();
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(EndOf(status)["imported_count"], "1");
}

TEST_F(ImportTest, ManyAtOnce) {
  std::vector<std::thread> clients;
  std::atomic<int64_t> imported{0};
  for (int c = 0; c < 20; ++c) {
    clients.emplace_back([&, c] {
      CounterImport import(engine_);
      for (int i = 1; i <= 1000; ++i) import.Send(c * 1000 + i);
      const auto status = import.Finish();
      EXPECT_TRUE(status.ok()) << status.error_message();
      imported += import.response().imported_count();
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(imported, 20000);
  EXPECT_EQ(Stored(), "20000");
}

TEST_F(ImportTest, ManyThatImportTheSame) {
  std::vector<std::thread> clients;
  std::atomic<int64_t> imported{0};
  std::atomic<int64_t> failed{0};
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&] {
      CounterImport import(engine_);
      for (int i = 1; i <= 1000; ++i) import.Send(i);
      EXPECT_TRUE(import.Finish().ok());
      imported += import.response().imported_count();
      failed += import.response().failed_count();
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(imported, 1000);
  EXPECT_EQ(failed, 7000);
}

}  // namespace
}  // namespace dataservice::test
