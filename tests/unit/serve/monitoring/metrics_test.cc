#include "serve/monitoring/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "contract/fixture.h"

namespace dataservice::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

struct NoMetadata : RequestMetadata {
  std::optional<std::string_view> Find(std::string_view) const override { return std::nullopt; }
  bool HasSeveral(std::string_view) const override { return false; }
  AuthorizationValues Authorization() const override { return {}; }
  Peer ClientOfConnection() const override { return {}; }
};

class MetricsTest : public testing::Test {
 protected:
  void Call(std::string_view path, const absl::Status& status, milliseconds waited = {}) {
    metrics_.OnCallBegin();
    const SteadyTime now = std::chrono::steady_clock::now();
    CallReport report{.path = path,
                      .status = status,
                      .began = now - milliseconds(3),
                      .ended = now,
                      .caller = *AnonymousCaller(),
                      .metadata = metadata_};
    if (waited.count() > 0) report.times = {.created = now - waited, .taken = now};
    metrics_.OnCallEnd(report);
  }
  std::string Text() {
    PrometheusText text;
    metrics_.Write(text);
    return text.text();
  }

  const std::string& path_ = TypesContract().methods().front()->path;
  const std::string label_ = absl::StrCat("rpc_method=\"", path_.substr(1), "\"");
  NoMetadata metadata_;
  Metrics metrics_{TypesContract()};
};

TEST_F(MetricsTest, CallsByMethodAndCode) {
  Call(path_, absl::OkStatus());
  Call(path_, absl::OkStatus());
  Call(path_, absl::NotFoundError("planted"));
  metrics_.OnCallBegin();
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr(absl::StrCat("rpc_server_call_duration_seconds_bucket{", label_,
                                           ",rpc_response_status_code=\"OK\",le=\"0.005\"} 2\n")));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("rpc_server_call_duration_seconds_count{", label_,
                                           ",rpc_response_status_code=\"NOT_FOUND\"} 1\n")));
  EXPECT_THAT(text, HasSubstr("rpc_server_active_calls 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("planted")));
}

TEST_F(MetricsTest, PathsThatNoMethodHasAreOneMethod) {
  for (const char* path : {"", "/planted.v1.A/B", "planted"}) {
    Call(path, absl::UnimplementedError(""));
  }
  EXPECT_THAT(Text(), HasSubstr("_count{rpc_method=\"_OTHER\",rpc_response_status_code="
                                "\"UNIMPLEMENTED\"} 3\n"));
  EXPECT_THAT(Text(), Not(HasSubstr("planted")));
}

TEST_F(MetricsTest, OnlyCallsWithAnOperationHaveWaited) {
  Call(path_, absl::OkStatus());
  EXPECT_THAT(Text(), Not(HasSubstr("server_queue_wait_seconds_count{")));
  Call(path_, absl::OkStatus(), milliseconds(20));
  EXPECT_THAT(Text(), HasSubstr(absl::StrCat("server_queue_wait_seconds_bucket{", label_,
                                             ",le=\"0.025\"} 1\n")));
}

TEST_F(MetricsTest, Batches) {
  Canceller canceller;
  ConnectionCounts counts;
  const Connection connection({"host=/nowhere"}, canceller, counts);
  BatchExecution batch{.method = path_,
                       .lane = Lane::kBulk,
                       .operations = 20,
                       .connection = &connection,
                       .before = {.statements = milliseconds(-7)}};
  metrics_.OnBatchBegin(batch);
  EXPECT_THAT(Text(), HasSubstr("server_workers_busy{lane=\"bulk\"} 1\n"));
  batch.rows = 19;
  batch.replays = 1;
  metrics_.OnBatchEnd(batch);
  const std::string text = Text();
  EXPECT_THAT(text, HasSubstr("server_workers_busy{lane=\"bulk\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("server_batch_operations_bucket{lane=\"bulk\",le=\"32\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("server_batch_operations_sum{lane=\"bulk\"} 20\n"));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("server_rows_total{", label_, "} 19\n")));
  EXPECT_THAT(text, HasSubstr("server_claim_replays_total 1\n"));
  EXPECT_THAT(text, HasSubstr(absl::StrCat("db_client_operation_duration_seconds_bucket{", label_,
                                           ",le=\"0.01\"} 1\n")));
}

TEST(StateMetrics, HaveEachLaneAndKind) {
  ConnectionCounts counts;
  counts.open = 5;
  counts.in_use = 2;
  EngineState state{.queue_capacity = 100, .workers = 5, .database = &counts};
  state.queue.lanes[1] = {.waiting = 3, .oldest = milliseconds(1500), .refused = 4};
  state.clients.amounts[static_cast<size_t>(Counted::kUnreadBytes)] = 12;
  PrometheusText text;
  WriteState(state, text);
  WriteProcess(text);
  for (const char* line :
       {"server_queue_operations{lane=\"write\"} 3\n", "server_queue_operations{lane=\"read\"} 0\n",
        "server_queue_oldest_seconds{lane=\"write\"} 1.5\n",
        "server_queue_refused_total{lane=\"write\"} 4\n",
        "db_client_connections{state=\"idle\"} 3\n", "db_client_connections{state=\"used\"} 2\n",
        "server_client_holdings{kind=\"unread_bytes\"} 12\n"}) {
    EXPECT_THAT(text.text(), HasSubstr(line));
  }
  EXPECT_THAT(text.text(), testing::ContainsRegex("process_resident_memory_bytes [1-9][0-9]{6}"));
  EXPECT_THAT(text.text(), testing::ContainsRegex("process_start_time_seconds [1-9][0-9]{9}"));
}

}  // namespace
}  // namespace dataservice::test
