// dataservice.v1.CallService, without gRPC: answers that wait for the client.
#include "serve/rpc/calls.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "dataservice/v1/calls.pb.h"
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
  void Handle(google::protobuf::io::ZeroCopyInputStream&, const RequestContext&,
              UnaryCall& call) const override {
    call.Respond({.message = std::string(kAnswerBytes, 'x')});
  }

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
    const std::string bytes = batch.SerializeAsString();
    google::protobuf::io::ArrayInputStream input(bytes.data(), static_cast<int>(bytes.size()));
    stream_->OnMessage(input);
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
      {.find_handler = [this](std::string_view) { return &handler_; },
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

TEST_F(CallsTest, AnswersThatNobodyTakesAreDropped) {
  Send(3);
  transport_.cancelled_ = true;
  stream_->OnTick();
  EXPECT_EQ(transport_.reserved(), 0U);
}

}  // namespace
}  // namespace dataservice::test
