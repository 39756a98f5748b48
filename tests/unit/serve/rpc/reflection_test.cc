#include "serve/rpc/reflection.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "engine_limits.h"
#include "serve/execution/fake_transport.h"

namespace dataservice::test {
namespace {

class ReflectionTest : public testing::Test {
 protected:
  ReflectionTest() { stream_->Start(); }

  void Send(const std::string& bytes) {
    google::protobuf::io::ArrayInputStream message(bytes.data(), static_cast<int>(bytes.size()));
    stream_->OnMessage(message);
  }

  FakeTransport transport_;
  const std::vector<std::unique_ptr<StreamHandler>> handlers_ = MakeReflectionHandlers({"a.B"});
  const std::unique_ptr<Stream> stream_ =
      handlers_.front()->Open(transport_, {}, std::chrono::seconds(1));
};

TEST_F(ReflectionTest, AStreamThatIsSilentEnds) {
  const int ticks = kMaxStreamSilence / kStreamTick;
  for (int i = 0; i < ticks; ++i) stream_->OnTick();
  Send("");
  stream_->OnWritten(true);
  for (int i = 0; i < ticks; ++i) stream_->OnTick();
  EXPECT_FALSE(transport_.finished());
  stream_->OnTick();
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kDeadlineExceeded);
}

TEST_F(ReflectionTest, ALongRequestIsRefused) {
  Send("\x1a\x80\x80\x04" + std::string(65536, 'x'));
  EXPECT_EQ(transport_.WaitForFinish().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace dataservice::test
