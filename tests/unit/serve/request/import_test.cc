// The flow of an import, without gRPC and without a database.
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "engine_limits.h"
#include "google/rpc/error_details.pb.h"
#include "serve/errors/errors.h"
#include "serve/execution/fake_transport.h"
#include "serve/request/import_stream.h"
#include "serve/request/message_handler.h"
#include "serve/request/prepared.h"
#include "types/v1/types.pb.h"

namespace dataservice::test {
namespace {

std::atomic<int64_t> clock_seconds{0};
ImportStream::Clock::time_point FakeNow() {
  return ImportStream::Clock::time_point(std::chrono::seconds(clock_seconds));
}

class ImportTest : public testing::Test {
 protected:
  explicit ImportTest(QueueSettings queue = {})
      : executor_({.workers = 1, .queue = queue}, [&] { return work_.MakeSink(); }) {
    const Method& method = PreparedRequests::MethodOf("ImportCounters");
    create_ = MakeWriteHandler({TypesContract(), executor_, signer_},
                               *std::get<ImportMethod>(method.fields).element);
    stream_ = std::make_unique<ImportStream>(
        method, *create_, executor_, transport_,
        RequestContext{.deadline = Operation::TimePoint::max()}, std::chrono::hours(1), FakeNow);
    stream_->Start();
  }
  ~ImportTest() override {
    work_.Open();
    executor_.Drain(Operation::TimePoint::max());
    EXPECT_EQ(transport_.holds(), 0);
  }

  // The next message, if one was asked for.
  bool Send(const std::string& bytes) {
    if (transport_.reads() == sent_) return false;
    ++sent_;
    google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
    stream_->OnMessage(stream);
    return true;
  }
  bool SendRow(const std::string& colour = "red") {
    types::v1::CreateCounterRequest request;
    request.mutable_counter()->set_number(sent_ + 1);
    request.mutable_counter()->set_value(1);
    request.mutable_counter()->set_colour(colour);
    return Send(request.SerializeAsString());
  }
  types::v1::ImportCountersResponse Response() {
    types::v1::ImportCountersResponse response;
    EXPECT_TRUE(response.ParseFromString(transport_.answer()));
    return response;
  }
  static google::rpc::ErrorInfo InfoOf(const absl::Status& status) {
    google::rpc::ErrorInfo info;
    const auto payload = status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
    if (payload) info.ParseFromString(std::string(*payload));
    return info;
  }

  HeldWork work_;
  PageTokenSigner signer_{"key"};
  FakeTransport transport_;
  Executor executor_;
  std::unique_ptr<OperationHandler> create_;
  std::unique_ptr<ImportStream> stream_;
  int sent_ = 0;
};

TEST_F(ImportTest, ReadingStopsWhereEnoughIsUnderWay) {
  while (SendRow()) ASSERT_LT(sent_, 10000);
  EXPECT_EQ(sent_, kMaxImportRows);
  work_.Open();
  transport_.WaitForReads(kMaxImportRows + 1);
  EXPECT_TRUE(SendRow());
  stream_->OnEnd();
  EXPECT_TRUE(transport_.WaitForFinish().ok());
  EXPECT_EQ(Response().imported_count(), kMaxImportRows + 1);
}

TEST_F(ImportTest, BytesUnderWayAreLimitedToo) {
  const std::string blue(6 << 20, 'x');
  // Refused: takes no room.
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(SendRow(blue));
  EXPECT_EQ(transport_.reads(), 11);
}

TEST_F(ImportTest, TheAnswerWaitsForTheLastRow) {
  ASSERT_TRUE(SendRow());
  ASSERT_TRUE(SendRow("blue"));
  stream_->OnEnd();
  EXPECT_EQ(transport_.answer(), "");
  work_.Open();
  EXPECT_TRUE(transport_.WaitForFinish().ok());
  EXPECT_EQ(Response().imported_count(), 1);
  ASSERT_EQ(Response().failures_size(), 1);
  EXPECT_EQ(Response().failures(0).position(), 1);
  EXPECT_EQ(transport_.reads(), 3);
}

TEST_F(ImportTest, TheFirstFailuresArePickedByPosition) {
  // The database refuses late what rules refuse at once.
  work_.AnswerWith([](const Operation& operation) {
    return operation.tag % 2 == 0 ? AlreadyExists("r", "k") : absl::OkStatus();
  });
  for (int i = 0; i < 300; ++i) ASSERT_TRUE(SendRow(i % 2 == 1 ? "blue" : "red"));
  stream_->OnEnd();
  work_.Open();
  EXPECT_TRUE(transport_.WaitForFinish().ok());
  const auto response = Response();
  EXPECT_EQ(response.failed_count(), 300);
  ASSERT_EQ(response.failures_size(), 100);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(response.failures(i).position(), i);
    EXPECT_EQ(response.failures(i).status().code(), i % 2 == 0 ? 6 : 3);
  }
}

TEST_F(ImportTest, AnErrorThatIsNoRowsOwnEndsIt) {
  work_.AnswerWith([](const Operation& operation) {
    return operation.tag == 1 ? OutcomeUnknown() : absl::OkStatus();
  });
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(SendRow());
  work_.Open();
  const absl::Status status = transport_.WaitForFinish();  // without OnEnd
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  const auto info = InfoOf(status);
  EXPECT_EQ(info.reason(), "OUTCOME_UNKNOWN");
  EXPECT_EQ(info.metadata().at("imported_count"), "2");
  EXPECT_EQ(info.metadata().at("position"), "1");
  EXPECT_NE(status.message().find("may or may not have been stored"), absl::string_view::npos);
}

TEST_F(ImportTest, ADrainEndsItAfterWhatIsUnderWay) {
  ASSERT_TRUE(SendRow());
  transport_.draining_ = true;
  stream_->OnTick();
  work_.Open();
  const absl::Status status = transport_.WaitForFinish();
  EXPECT_EQ(InfoOf(status).reason(), "SHUTTING_DOWN");
  EXPECT_EQ(InfoOf(status).metadata().at("imported_count"), "1");
  EXPECT_EQ(InfoOf(status).metadata().at("position"), "1");
  EXPECT_FALSE(status.GetPayload("type.googleapis.com/google.rpc.RetryInfo").has_value());
}

TEST_F(ImportTest, ASilentClientIsLeft) {
  clock_seconds = 0;
  ASSERT_TRUE(SendRow());
  work_.Open();
  transport_.WaitForReads(2);
  executor_.Drain(Operation::TimePoint::max());
  clock_seconds = 60;
  stream_->OnTick();
  clock_seconds = 301;
  stream_->OnTick();
  EXPECT_EQ(InfoOf(transport_.WaitForFinish()).reason(), "STREAM_SILENT");
}

TEST_F(ImportTest, AClientThatIsGoneEndsIt) {
  ASSERT_TRUE(SendRow());
  transport_.cancelled_ = true;
  stream_->OnTick();
  work_.Open();
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kCancelled);
}

class SmallQueueTest : public ImportTest {
 protected:
  SmallQueueTest() : ImportTest({.capacity = 2, .bulk_limit = 1}) {}
};

TEST_F(SmallQueueTest, AFullQueueStopsReadingAndIsNoFailure) {
  ASSERT_TRUE(SendRow());
  while (work_.taken() < 1) absl::SleepFor(absl::Milliseconds(1));
  while (SendRow()) ASSERT_LT(sent_, 100);
  EXPECT_EQ(sent_, 4);  // one taken, two waiting, one held
  stream_->OnTick();    // offers it again, in vain
  EXPECT_FALSE(SendRow());
  work_.Open();
  for (const int last = sent_ + 50; sent_ < last;) {
    transport_.WaitForReads(sent_ + 1);
    ASSERT_TRUE(SendRow());
    stream_->OnTick();
  }
  stream_->OnEnd();
  while (Response().imported_count() == 0) stream_->OnTick();
  EXPECT_TRUE(transport_.WaitForFinish().ok());
  EXPECT_EQ(Response().imported_count(), sent_);
  EXPECT_EQ(Response().failed_count(), 0);
}

}  // namespace
}  // namespace dataservice::test
