#include "serve/monitoring/call_recorder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "serve/errors/errors.h"

namespace dataservice::test {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

struct SomeMetadata : RequestMetadata {
  std::optional<std::string_view> Find(std::string_view name) const override {
    if (name == "traceparent") return "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    if (name == "x-request-id") return "mine";
    return "planted";
  }
  bool HasSeveral(std::string_view) const override { return false; }
  AuthorizationValues Authorization() const override { return {}; }
  Peer ClientOfConnection() const override { return {}; }
};

// What the log gets of a call that takes this long.
std::string LogOf(const CallLogSettings& settings, milliseconds duration,
                  const absl::Status& status, bool is_stream = false) {
  const SteadyTime ended = std::chrono::steady_clock::now();
  const SteadyTime began = ended - duration;
  const SomeMetadata metadata;
  CallRecorder recorder(settings, nullptr);
  testing::internal::CaptureStderr();
  recorder.Record(
      {.path = "/a.v1.B/Get",
       .status = status,
       .began = began,
       .ended = ended,
       .is_stream = is_stream,
       .bytes = 12,
       .times = {.created = began + microseconds(500),
                 .taken = began + milliseconds(2),
                 .waited = {.connecting = milliseconds(3), .statements = milliseconds(4)},
                 .operations = 5,
                 .rows = 6},
       .caller = *AnonymousCaller(),
       .metadata = metadata});
  return testing::internal::GetCapturedStderr();
}

TEST(CallRecorder, ASlowCallHasWhereItsTimeWent) {
  const std::string line =
      LogOf({.slow_call = milliseconds(10)}, milliseconds(10), absl::OkStatus());
  EXPECT_THAT(line, HasSubstr(R"("level":"warning","event":"slow_call",)"
                              R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":")"));
  EXPECT_THAT(line, HasSubstr(R"("request_id":"mine","caller":"anonymous","method":"a.v1.B/Get",)"
                              R"("code":"OK","bytes":12,"duration_ms":10.000,"request_ms":0.500,)"
                              R"("queue_ms":1.500,"connect_ms":3.000,"database_ms":4.000,)"
                              R"("batch":5,"rows":6})"));
  EXPECT_THAT(line, Not(HasSubstr("planted")));
}

TEST(CallRecorder, LogsWhatIsUnusual) {
  const CallLogSettings settings{.slow_call = milliseconds(10)};
  EXPECT_EQ(LogOf(settings, milliseconds(9), absl::OkStatus()), "");
  EXPECT_EQ(LogOf(settings, milliseconds(9), absl::NotFoundError("x")), "");
  EXPECT_EQ(LogOf(settings, milliseconds(99), absl::OkStatus(), /*is_stream=*/true), "");
  EXPECT_THAT(LogOf(settings, milliseconds(9), QueueFull()), "");
  const std::string failed = LogOf(settings, milliseconds(9), absl::UnavailableError("planted"));
  EXPECT_THAT(failed, HasSubstr(R"("event":"call")"));
  EXPECT_THAT(failed, HasSubstr(R"("code":"UNAVAILABLE")"));
  EXPECT_THAT(failed, Not(HasSubstr("planted")));
}

TEST(CallRecorder, LogsNothingUnusualIfThatIsOff) {
  const CallLogSettings settings{.slow_call = milliseconds(0)};
  EXPECT_EQ(LogOf(settings, milliseconds(9000), absl::UnavailableError("x")), "");
}

TEST(CallRecorder, LogsAPartOfTheTraces) {
  CallLogSettings settings{.call_log = true};
  EXPECT_THAT(LogOf(settings, milliseconds(1), absl::OkStatus()),
              HasSubstr(R"("level":"info","event":"call")"));
  settings.log_sample = 0.5;  // the trace begins its last half with a3
  EXPECT_EQ(LogOf(settings, milliseconds(1), absl::OkStatus()), "");
}

TEST(CallRecorder, LimitsLinesOfUnusualCalls) {
  const SomeMetadata metadata;
  CallRecorder recorder({}, nullptr);
  const absl::Status status = absl::UnavailableError("x");
  testing::internal::CaptureStderr();
  for (int i = 0; i < 200; ++i) {
    recorder.Record({.status = status, .caller = *AnonymousCaller(), .metadata = metadata});
  }
  const std::string lines = testing::internal::GetCapturedStderr();
  const auto count = std::count(lines.begin(), lines.end(), '\n');
  EXPECT_LE(count, 150);
  EXPECT_EQ(static_cast<uint64_t>(count) + recorder.suppressed(), 200u);
}

}  // namespace
}  // namespace dataservice::test
