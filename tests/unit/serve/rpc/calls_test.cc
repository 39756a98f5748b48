// dataservice.v1.CallService, without gRPC: answers that wait for the client.
#include "serve/rpc/calls.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "dataservice/v1/calls.pb.h"
#include "engine_limits.h"
#include "serve/connection/connection_limits.h"
#include "serve/execution/fake_transport.h"

namespace dataservice::test {
namespace {

using dataservice::v1::AnswerBatch;
using dataservice::v1::CallBatch;

constexpr size_t kAnswerBytes = 1000;

class LargeAnswers final : public UnaryHandler {
 public:
  const std::string& path() const override { return path_; }
  bool is_open() const override { return true; }
  void Handle(google::protobuf::io::ZeroCopyInputStream&, const RequestContext& context,
              UnaryCall& call) const override {
    deadline_ = context.deadline;
    call.Respond({.message = std::string(kAnswerBytes, 'x')});
  }

  mutable std::chrono::system_clock::time_point deadline_;  // of the last call

 private:
  const std::string path_ = "/test.Service/Get";
};

class NoMetadata final : public RequestMetadata {
  std::optional<std::string_view> Find(std::string_view) const override { return std::nullopt; }
  bool HasSeveral(std::string_view) const override { return false; }
  AuthorizationValues Authorization() const override { return {}; }
  Peer ClientOfConnection() const override { return {}; }
};

class CallsTest : public testing::Test {
 protected:
  CallsTest() {
    RequestContext context;
    context.metadata = &metadata_;
    stream_ = service_->Open(transport_, context, std::chrono::seconds(1));
    stream_->Start();  // the headers are being written
  }

  void Send(int calls) {
    CallBatch batch;
    for (int i = 0; i < calls; ++i) {
      auto& call = *batch.add_calls();
      call.set_id(next_id_++);
      call.set_method(handler_.path());
    }
    SendBatch(batch);
  }

  void SendBatch(const CallBatch& batch) {
    const std::string bytes = batch.SerializeAsString();
    google::protobuf::io::ArrayInputStream input(bytes.data(), static_cast<int>(bytes.size()));
    stream_->OnMessage(input);
  }

  // How the stream ends once the message under way has been written.
  absl::StatusCode End() {
    stream_->OnWritten(true);
    return transport_.WaitForFinish().code();
  }

  // The codes of the answers in the message that was written last, in the order of the calls.
  std::vector<int> Codes() {
    AnswerBatch batch;
    EXPECT_TRUE(batch.ParseFromString(transport_.written().back()));
    std::vector<int> codes;
    for (const auto& answer : batch.answers()) codes.push_back(static_cast<int>(answer.code()));
    return codes;
  }

  LargeAnswers handler_;
  Pollers pollers_{1};
  NoMetadata metadata_;
  FakeTransport transport_;
  uint64_t next_id_ = 1;
  const std::unique_ptr<StreamHandler> service_ = MakeCallsHandler(
      {.find_handler = [this](std::string_view path) -> const UnaryHandler* {
         return path == handler_.path() ? &handler_ : nullptr;
       },
       .admit = [](const RequestMetadata&, std::string_view) { return Admission(); },
       .default_deadline = std::chrono::seconds(1),
       .pollers = pollers_});
  std::unique_ptr<Stream> stream_;
};

TEST_F(CallsTest, AnswersThatWaitAreReserved) {
  Send(3);
  EXPECT_GE(transport_.reserved(), 3 * kAnswerBytes);
  EXPECT_LE(transport_.reserved(), 3 * (kAnswerBytes + 100));
  stream_->OnWritten(true);
  EXPECT_EQ(transport_.reserved(), 0U);  // the transport counts what it sends
  EXPECT_EQ(Codes(), std::vector<int>(3));
}

TEST_F(CallsTest, AnswersWithoutRoomAreCancelled) {
  transport_.LimitReserved(2 * (kAnswerBytes + 100));
  Send(4);
  stream_->OnWritten(true);
  const int cancelled = static_cast<int>(absl::StatusCode::kCancelled);
  EXPECT_EQ(Codes(), (std::vector<int>{0, 0, cancelled, cancelled}));
  EXPECT_EQ(transport_.reserved(), 0U);
  stream_->OnWritten(true);
  Send(1);
  EXPECT_EQ(Codes(), std::vector<int>(1));
}

TEST_F(CallsTest, CallsBeyondTheLimitAreRefused) {
  Send(3);
  EXPECT_EQ(transport_.calls(), 0);  // all are answered
  stream_->OnWritten(true);
  transport_.LimitCalls(0);
  Send(1);
  stream_->OnWritten(true);
  EXPECT_EQ(Codes(), std::vector<int>{static_cast<int>(absl::StatusCode::kResourceExhausted)});
}

// Its client need not receive the answers: nothing is kept without a limit.
TEST_F(CallsTest, AStreamIsCancelledThatHasNoRoomForRefusals) {
  transport_.LimitCalls(0);
  transport_.LimitReserved(1000);
  Send(100);
  EXPECT_FALSE(transport_.given_up());  // a few are sent all the same
  Send(5000);
  EXPECT_TRUE(transport_.given_up());
  EXPECT_EQ(transport_.reserved(), 0U);
  End();
}

TEST_F(CallsTest, ABatchThatIsTooLongEndsTheStream) {
  CallBatch batch;
  batch.add_calls()->set_request(std::string(3 * 1024 * 1024, 'x'));
  SendBatch(batch);
  EXPECT_EQ(End(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CallsTest, ABatchOfTooManyCallsEndsTheStream) {
  Send(10001);
  EXPECT_EQ(End(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CallsTest, ABatchOfManyUnknownMethodsEndsTheStream) {
  CallBatch batch;
  for (int i = 0; i < 1000; ++i) batch.add_calls()->set_id(1);
  SendBatch(batch);
  stream_->OnWritten(true);
  EXPECT_EQ(Codes(), std::vector<int>(1000, static_cast<int>(absl::StatusCode::kUnimplemented)));
  batch.add_calls()->set_id(1);
  SendBatch(batch);
  EXPECT_EQ(End(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CallsTest, ACallOfManyMetadataEndsTheStream) {
  CallBatch batch;
  auto& call = *batch.add_calls();
  for (int i = 0; i < 257; ++i) call.add_metadata();
  SendBatch(batch);
  EXPECT_EQ(End(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CallsTest, ATimeThatIsTooLongIsNone) {
  for (const uint64_t timeout : {uint64_t{0}, UINT64_MAX, UINT64_MAX - 14'000'000'000'000'000}) {
    CallBatch batch;
    auto& call = *batch.add_calls();
    call.set_id(next_id_++);
    call.set_method(handler_.path());
    call.set_timeout_us(timeout);
    SendBatch(batch);
    const auto left = handler_.deadline_ - std::chrono::system_clock::now();
    EXPECT_GT(left, std::chrono::seconds(0)) << timeout;
    EXPECT_LE(left, std::chrono::seconds(1)) << timeout;
  }
}

TEST_F(CallsTest, AStreamWithoutCallsEndsAndExecutesNoneAfterwards) {
  Send(1);
  stream_->OnWritten(true);
  stream_->OnWritten(true);
  handler_.deadline_ = {};
  const int ticks = kMaxWatch / kStreamTick;
  for (int i = 0; i < ticks; ++i) stream_->OnTick();
  EXPECT_FALSE(transport_.finished());
  stream_->OnTick();
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kOk);
  // A message may have arrived in the same moment.
  const int reads = transport_.reads();
  Send(1);
  EXPECT_EQ(handler_.deadline_, std::chrono::system_clock::time_point());
  EXPECT_EQ(transport_.reads(), reads);
}

TEST_F(CallsTest, AnswersThatNobodyTakesAreDropped) {
  Send(3);
  transport_.cancelled_ = true;
  stream_->OnTick();
  EXPECT_EQ(transport_.reserved(), 0U);
}

}  // namespace
}  // namespace dataservice::test
