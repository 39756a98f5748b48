// The flow of an export, without gRPC and without a database.
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "serve/errors/errors.h"
#include "serve/execution/fake_transport.h"
#include "serve/request/export_stream.h"
#include "serve/request/prepared.h"
#include "serve/values/position.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

std::atomic<int64_t> clock_seconds{0};
ExportStream::Clock::time_point FakeNow() {
  return ExportStream::Clock::time_point(std::chrono::seconds(clock_seconds));
}

bool IsFirst(const Operation& operation) {
  return !std::get<ExportShape>(StatementOf(operation.work)->shape).after_key;
}

// Pages of two rows, "1" to `rows`; the position is the last row.
struct Table {
  explicit Table(int rows) : rows(rows) {}

  Outcome Page(const Operation& operation) {
    ++pages;
    const auto& work = std::get<ExportWork>(operation.work);
    const int begin = IsFirst(operation) ? 0 : std::stoi(std::string(*work.values[0]));
    ExportOutcome outcome;
    for (int row = begin + 1; row <= std::min(begin + 2, rows); ++row) {
      outcome.rows += std::to_string(row);
      outcome.row_ends.push_back(outcome.rows.size());
      outcome.position = EncodePosition({std::to_string(row)});
    }
    return outcome;
  }

  const int rows;
  std::atomic<int> pages{0};
};

class ExportTest : public testing::Test {
 protected:
  ExportTest() : executor_({.workers = 1}, [&] { return work_.MakeSink(); }) {
    clock_seconds = 0;
    parser_ =
        std::make_unique<ExportQueryParser>(HandlerContext{TypesContract(), executor_, signer_},
                                            PreparedRequests::MethodOf("ExportCounters"));
    stream_ = std::make_unique<ExportStream>(
        *parser_, executor_, transport_, RequestContext{.deadline = Operation::TimePoint::max()},
        std::chrono::hours(1), FakeNow);
    work_.BringPages([this](const Operation& operation) { return table_.Page(operation); });
    work_.Open();
    stream_->Start();
  }
  ~ExportTest() override {
    executor_.Drain(Operation::TimePoint::max());
    EXPECT_EQ(transport_.reserved(), 0U);
    EXPECT_EQ(transport_.holds(), 0);
  }

  void Ask(const std::string& filter = "") {
    types::v1::ExportCountersRequest request;
    request.set_filter(filter);
    const std::string bytes = request.SerializeAsString();
    google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
    stream_->OnMessage(stream);
  }

  HeldWork work_;
  Table table_{5};
  PageTokenSigner signer_{"key"};
  FakeTransport transport_;
  Executor executor_;
  std::unique_ptr<ExportQueryParser> parser_;
  std::unique_ptr<ExportStream> stream_;
};

TEST_F(ExportTest, RowsGoOutOneByOne) {
  Ask();
  for (size_t row = 1; row <= 5; ++row) {
    transport_.WaitForWrites(row);
    EXPECT_EQ(transport_.written().size(), row);
    EXPECT_EQ(transport_.written().back(), std::to_string(row));
    stream_->OnWritten(true);
  }
  EXPECT_TRUE(transport_.WaitForFinish().ok());
}

TEST_F(ExportTest, OnePageIsReadAhead) {
  Ask();
  transport_.WaitForWrites(1);
  while (table_.pages < 2) absl::SleepFor(absl::Milliseconds(1));
  executor_.Drain(Operation::TimePoint::max());  // what else was asked for is done
  EXPECT_EQ(table_.pages, 2);
  EXPECT_EQ(transport_.written().size(), 1U);
  stream_->OnWritten(false);
}

TEST_F(ExportTest, RowsThatWaitAreReserved) {
  Ask();
  transport_.WaitForWrites(1);
  while (transport_.reserved() < 4) absl::SleepFor(absl::Milliseconds(1));
  for (size_t row = 1; row <= 5; ++row) {
    transport_.WaitForWrites(row);
    stream_->OnWritten(true);
  }
  EXPECT_TRUE(transport_.WaitForFinish().ok());
  EXPECT_LE(transport_.most_reserved(), 4U);
  EXPECT_EQ(transport_.reserved(), 0U);
}

TEST_F(ExportTest, APageWaitsForRoom) {
  transport_.LimitReserved(2);  // a page
  Ask();
  transport_.WaitForWrites(1);
  for (int i = 0; i < 10; ++i) stream_->OnTick();
  EXPECT_EQ(table_.pages, 1);
  for (size_t row = 1; row <= 5; ++row) {
    while (transport_.written().size() < row) stream_->OnTick();
    EXPECT_EQ(transport_.written().back(), std::to_string(row));
    stream_->OnWritten(true);
  }
  while (!transport_.finished()) stream_->OnTick();
  EXPECT_TRUE(transport_.WaitForFinish().ok());
  EXPECT_LE(transport_.most_reserved(), 2U);
}

TEST_F(ExportTest, APageWithoutRoomIsReadAgainOnceThereIsRoom) {
  transport_.LimitReserved(1);
  Ask();
  while (table_.pages < 1) absl::SleepFor(absl::Milliseconds(1));
  while (transport_.reserved() > 0) absl::SleepFor(absl::Milliseconds(1));
  for (int i = 0; i < 10; ++i) stream_->OnTick();
  EXPECT_EQ(table_.pages, 1);
  transport_.LimitReserved(100);
  while (transport_.written().empty()) stream_->OnTick();
  EXPECT_EQ(transport_.written().back(), "1");
  stream_->OnWritten(false);
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kCancelled);
}

TEST_F(ExportTest, AnExportThatGetsNoRoomEnds) {
  transport_.LimitReserved(1);
  Ask();
  while (!transport_.finished()) {
    clock_seconds += 5;
    stream_->OnTick();
  }
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(transport_.reserved(), 0U);
}

TEST_F(ExportTest, ABadFilterEndsItAtOnce) {
  Ask("nothing = 1");
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(table_.pages, 0);
}

TEST_F(ExportTest, ARequestThatDoesNotComeEndsIt) {
  stream_->OnEnd();
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ExportTest, AnOutageIsWaitedForAndTheRestFollows) {
  std::atomic<int> failures{3};
  work_.AnswerWith([&](const Operation& operation) {
    const bool later = !IsFirst(operation);
    return later && failures-- > 0 ? DatabaseUnavailable() : absl::OkStatus();
  });
  Ask();
  for (size_t row = 1; row <= 5; ++row) {
    while (transport_.written().size() < row) stream_->OnTick();
    EXPECT_EQ(transport_.written().back(), std::to_string(row));
    stream_->OnWritten(true);
  }
  EXPECT_TRUE(transport_.WaitForFinish().ok());
}

TEST_F(ExportTest, ALongOutageEndsItAfterTheRowsThatWereRead) {
  work_.AnswerWith([&](const Operation& operation) {
    if (IsFirst(operation)) return absl::OkStatus();
    clock_seconds += 30;
    return DatabaseUnavailable();
  });
  Ask();
  transport_.WaitForWrites(1);
  stream_->OnWritten(true);
  transport_.WaitForWrites(2);
  stream_->OnWritten(true);
  for (int i = 0; i < 1000 && clock_seconds < 120; ++i) stream_->OnTick();
  while (clock_seconds < 90) stream_->OnTick();
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(transport_.written().size(), 2U);
}

TEST_F(ExportTest, AnyOtherErrorEndsIt) {
  work_.AnswerWith([](const Operation&) { return Internal("id"); });
  Ask();
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kInternal);
}

TEST_F(ExportTest, ASlowClientIsGivenUp) {
  Ask();
  transport_.WaitForWrites(1);
  clock_seconds = 299;
  stream_->OnTick();
  EXPECT_FALSE(transport_.given_up());
  clock_seconds = 301;
  stream_->OnTick();
  EXPECT_TRUE(transport_.given_up());
  stream_->OnWritten(false);
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(transport_.written().size(), 1U);
}

TEST_F(ExportTest, ADrainEndsItAfterTheRowUnderWay) {
  Ask();
  transport_.WaitForWrites(1);
  transport_.draining_ = true;
  stream_->OnTick();
  stream_->OnWritten(true);
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(transport_.written().size(), 1U);
}

}  // namespace
}  // namespace dataservice::test
