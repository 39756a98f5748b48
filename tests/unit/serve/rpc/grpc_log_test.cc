#include "serve/rpc/grpc_log.h"

#include <gtest/gtest.h>

namespace dataservice {
namespace {

constexpr char kTransport[] = "./src/core/ext/transport/chttp2/transport/hpack_parser.cc";
constexpr char kSockets[] = "/build/grpc/src/core/lib/iomgr/tcp_server_posix.cc";

gpr_log_func_args Message(const char* file, int line, const char* text,
                          gpr_log_severity severity = GPR_LOG_SEVERITY_ERROR) {
  return {file, line, severity, text};
}

TEST(GrpcLog, SaysWhereAndNotWhatACallerSent) {
  GrpcLog log;
  const auto line = log.Take(Message(kTransport, 5, "key=x value=secret"), absl::UnixEpoch());
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->place, "src/core/ext/transport/chttp2/transport/hpack_parser.cc:5");
  EXPECT_EQ(line->text, "");
}

TEST(GrpcLog, SaysWhatIsWrongWithTheSystem) {
  GrpcLog log;
  const auto line =
      log.Take(Message(kSockets, 205, "Failed accept4: Too many open files"), absl::UnixEpoch());
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->place, "src/core/lib/iomgr/tcp_server_posix.cc:205");
  EXPECT_EQ(line->text, "Failed accept4: Too many open files");
}

TEST(GrpcLog, TracesMayHoldValues) {
  GrpcLog log;
  const auto line =
      log.Take(Message(kSockets, 1, "READ: secret", GPR_LOG_SEVERITY_DEBUG), absl::UnixEpoch());
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->text, "");
}

TEST(GrpcLog, APlaceHasALineASecondWhichCounts) {
  GrpcLog log;
  const absl::Time start = absl::UnixEpoch();
  EXPECT_EQ(log.Take(Message(kTransport, 5, ""), start)->count, 1);
  for (int i = 0; i < 99; ++i) {
    EXPECT_FALSE(log.Take(Message(kTransport, 5, ""), start + absl::Milliseconds(999)));
  }
  EXPECT_EQ(log.Take(Message(kTransport, 6, ""), start)->count, 1);
  EXPECT_EQ(log.Take(Message(kTransport, 5, ""), start + absl::Seconds(1))->count, 100);
}

}  // namespace
}  // namespace dataservice
