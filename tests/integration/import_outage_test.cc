// The database goes while streams run.
#include <atomic>
#include <thread>

#include "stream_calls.h"

namespace dataservice::test {
namespace {

using grpc::StatusCode;
using types::v1::Counter;

class StreamOutageTest : public EngineTest {
 protected:
  void SetUp() override {
    if (!CanControl()) GTEST_SKIP() << "TEST_DATABASE_CONTROL is not set";
    EngineTest::SetUp();
  }
};

TEST_F(StreamOutageTest, AKillEndsAnImportWithWhatIsKnown) {
  CounterImport import(engine_, 0);
  std::thread kill;
  int64_t number = 0;
  while (import.Send(++number)) {
    if (number == 3000) kill = std::thread([] { Control("kill"); });
  }
  const auto status = import.Finish();
  kill.join();
  Control("start");
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE) << status.error_message();
  auto end = EndOf(status);
  ASSERT_TRUE(end.contains("position")) << status.error_message();
  // All before the position, which were good, are stored; and no fewer than counted.
  EXPECT_EQ(Sql("SELECT count(*) FROM types.tally WHERE number <= " + end["position"]),
            end["position"]);
  EXPECT_GE(std::stoll(Sql("SELECT count(*) FROM types.tally")), std::stoll(end["imported_count"]));
  EXPECT_LT(std::stoll(end["position"]), number);
}

TEST_F(StreamOutageTest, AnExportGoesOnAfterARestart) {
  constexpr int kRows = 30000;
  Sql("INSERT INTO types.tally SELECT n, 1, 'red' FROM generate_series(1, 30000) AS n");
  grpc::ClientContext context;
  const auto reader = OpenExport<types::v1::ExportCountersRequest, Counter>(
      engine_, "CounterService/ExportCounters", context, {});
  Counter counter;
  int64_t expected = 0;
  while (reader->Read(&counter)) {
    ASSERT_EQ(counter.number(), ++expected);
    if (expected == 1000) Control("restart");
  }
  const auto status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(expected, kRows);
}

TEST_F(StreamOutageTest, AnExportWithADeadlineEndsAtItInAnOutage) {
  Sql("INSERT INTO types.tally SELECT n, 1, 'red' FROM generate_series(1, 30000) AS n");
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(3));
  const auto reader = OpenExport<types::v1::ExportCountersRequest, Counter>(
      engine_, "CounterService/ExportCounters", context, {});
  Counter counter;
  int64_t rows = 0;
  while (reader->Read(&counter)) {
    if (++rows == 1000) Control("stop");
  }
  const auto code = reader->Finish().error_code();
  Control("start");
  EXPECT_EQ(code, StatusCode::DEADLINE_EXCEEDED);
  EXPECT_LT(rows, 30000);
}

}  // namespace
}  // namespace dataservice::test
