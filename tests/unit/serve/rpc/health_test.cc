#include "serve/rpc/health.h"

#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "serve/connection/connection_limits.h"
#include "serve/execution/fake_transport.h"

namespace dataservice::test {
namespace {

std::chrono::steady_clock::time_point now;

TEST(HealthTest, AWatchEndsAfterItsTime) {
  const Health health({});
  FakeTransport transport;
  const auto handler = MakeHealthWatchHandler(health, [] { return now; });
  const auto watch = handler->Open(transport, {}, std::chrono::seconds(1));
  watch->Start();
  google::protobuf::io::ArrayInputStream message(nullptr, 0);
  watch->OnMessage(message);
  transport.WaitForWrites(1);
  watch->OnWritten(true);
  now += kMaxWatch;
  watch->OnTick();
  now += std::chrono::seconds(1);
  watch->OnTick();
  EXPECT_EQ(transport.WaitForFinish().code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(transport.written().size(), 1U);
}

TEST(HealthTest, ALongRequestIsRefused) {
  const Health health({});
  FakeTransport transport;
  const auto watch = MakeHealthWatchHandler(health, [] {
                       return now;
                     })->Open(transport, {}, std::chrono::seconds(1));
  watch->Start();
  std::string unknown_fields;
  for (int i = 0; i < 10000; ++i) unknown_fields += std::string("\x78\x00", 2);
  google::protobuf::io::ArrayInputStream message(unknown_fields.data(),
                                                 static_cast<int>(unknown_fields.size()));
  watch->OnMessage(message);
  EXPECT_EQ(transport.WaitForFinish().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace dataservice::test
