#include "serve/request/call_observer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "serve/rpc/caller_server.h"

namespace dataservice::test {
namespace {

using testing::Contains;
using testing::HasSubstr;

class Recorder : public CallObserver {
 public:
  void OnCallBegin() override { ++begun; }
  void OnCallEnd(const CallReport& report) override {
    absl::MutexLock lock(&mutex_);
    reports_.push_back(absl::StrCat(
        std::string(report.path), " ", absl::StatusCodeToString(report.status.code()), " ",
        std::string(report.metadata.RequestId()), report.is_stream ? " stream" : ""));
    EXPECT_LE(report.began, report.ended);
  }

  std::vector<std::string> reports() {
    absl::MutexLock lock(&mutex_);
    return reports_;
  }

  std::atomic<size_t> begun{0};

 private:
  absl::Mutex mutex_;
  std::vector<std::string> reports_;
};

TEST(CallObserver, SeesEachCallOnce) {
  Recorder recorder;
  {
    CallerServer server({}, nullptr, &recorder);
    const auto channel = server.Connect();
    server.Call(channel, {{"x-request-id", "one"}});
    server.Call(channel, {{"x-request-id", "two"}}, /*through_calls=*/true);
    server.CheckHealth(channel);
  }
  const auto reports = recorder.reports();
  EXPECT_EQ(recorder.begun, reports.size());
  EXPECT_EQ(reports.size(), 4u);
  EXPECT_THAT(reports, Contains(HasSubstr(" ABORTED one")));
  EXPECT_THAT(reports, Contains(HasSubstr(" ABORTED two")));
  EXPECT_THAT(reports, Contains("/grpc.health.v1.Health/Check OK "));
  EXPECT_THAT(reports, Contains("/dataservice.v1.CallService/Exchange OK  stream"));
}

}  // namespace
}  // namespace dataservice::test
