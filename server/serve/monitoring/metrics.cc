#include "serve/monitoring/metrics.h"

#include <algorithm>

#include "view.h"

namespace dataservice {
namespace {

constexpr double kNanosecond = 1e-9;

// Of durations, in nanoseconds: from 250 us to 30 s.
std::vector<int64_t> Durations() {
  std::vector<int64_t> bounds;
  for (const double milliseconds :
       {0.25, 0.5, 1., 2.5, 5., 10., 25., 50., 100., 250., 500., 1e3, 2.5e3, 5e3, 1e4, 3e4}) {
    bounds.push_back(static_cast<int64_t>(milliseconds * 1e6));
  }
  return bounds;
}

constexpr std::array<Lane, kLanes> kEachLane{Lane::kRead, Lane::kWrite, Lane::kBulk, Lane::kAlone};

size_t LaneIndex(Lane lane) { return static_cast<size_t>(lane); }

int64_t Nanoseconds(std::chrono::nanoseconds time) { return time.count(); }

}  // namespace

std::string_view NameOf(Lane lane) {
  switch (lane) {
    case Lane::kRead:
      return "read";
    case Lane::kWrite:
      return "write";
    case Lane::kBulk:
      return "bulk";
    case Lane::kAlone:
      return "alone";
  }
  return "";
}

std::string_view MethodName(std::string_view path) { return path.empty() ? path : path.substr(1); }

Metrics::Metrics(const Contract& contract)
    : methods_([&] {
        std::vector<std::string> names;
        for (const auto& method : contract.methods()) names.emplace_back(MethodName(method->path));
        for (const char* own : {"grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch",
                                "dataservice.v1.CallService/Exchange"}) {
          names.emplace_back(own);
        }
        names.emplace_back("_OTHER");
        return names;
      }()),
      calls_(methods_.size() * kCodes, Durations()),
      waits_(methods_.size(), Durations()),
      statements_(methods_.size(), Durations()),
      rows_(methods_.size(), {}),
      batches_(kLanes, {1, 2, 4, 8, 16, 32, 64, 128, 256}) {
  for (size_t i = 0; i + 1 < methods_.size(); ++i) by_path_.emplace("/" + methods_[i], i);
}

size_t Metrics::MethodOf(std::string_view path) const {
  const auto found = by_path_.find(View(path));
  return found == by_path_.end() ? methods_.size() - 1 : found->second;
}

void Metrics::OnCallEnd(const CallReport& report) {
  const size_t method = MethodOf(report.path);
  const size_t code = std::min(static_cast<size_t>(report.status.code()), kCodes - 1);
  calls_.Observe(method * kCodes + code, Nanoseconds(report.ended - report.began));
  if (report.times.created != SteadyTime()) {
    waits_.Observe(method, Nanoseconds(report.times.taken - report.times.created));
  }
}

void Metrics::OnBatchBegin(const BatchExecution& batch) {
  busy_[LaneIndex(batch.lane)].fetch_add(1, std::memory_order_relaxed);
}

void Metrics::OnBatchEnd(const BatchExecution& batch) {
  busy_[LaneIndex(batch.lane)].fetch_sub(1, std::memory_order_relaxed);
  batches_.Observe(LaneIndex(batch.lane), static_cast<int64_t>(batch.operations));
  const size_t method = MethodOf(batch.method);
  statements_.Observe(method, Nanoseconds(batch.waited().statements));
  rows_.Observe(method, static_cast<int64_t>(batch.rows));
  if (batch.replays > 0) replays_.fetch_add(batch.replays, std::memory_order_relaxed);
}

void Metrics::WriteByMethod(PrometheusText& text, const Histograms& histograms) const {
  for (size_t i = 0; i < methods_.size(); ++i) {
    const Histograms::Snapshot snapshot = histograms.Read(i);
    if (snapshot.count == 0) continue;
    text.Add({{"rpc_method", methods_[i]}}, histograms, snapshot, kNanosecond);
  }
}

void Metrics::WriteCalls(PrometheusText& text) const {
  // Read before the calls that have begun, so that there are not more of them.
  uint64_t ended = 0;
  text.Begin("rpc_server_call_duration_seconds", "histogram",
             "Time from the headers of a call to its response.");
  for (size_t i = 0; i < calls_.series(); ++i) {
    const Histograms::Snapshot snapshot = calls_.Read(i);
    if (snapshot.count == 0) continue;
    ended += snapshot.count;
    const std::string code = absl::StatusCodeToString(static_cast<absl::StatusCode>(i % kCodes));
    text.Add({{"rpc_method", methods_[i / kCodes]}, {"rpc_response_status_code", code}}, calls_,
             snapshot, kNanosecond);
  }
  text.Gauge("rpc_server_active_calls", "Calls under way.",
             static_cast<double>(begun_.Read() - ended));
  text.Begin("server_queue_wait_seconds", "histogram",
             "Time that the operation of a unary call waited for a worker.");
  WriteByMethod(text, waits_);
}

void Metrics::WriteBatches(PrometheusText& text) const {
  text.Begin("db_client_operation_duration_seconds", "histogram",
             "Time of a batch in PostgreSQL: of all its statements.");
  WriteByMethod(text, statements_);
  text.Begin("server_rows_total", "counter", "Rows that were read or written.");
  for (size_t i = 0; i < methods_.size(); ++i) {
    const Histograms::Snapshot snapshot = rows_.Read(i);
    if (snapshot.count == 0) continue;
    text.Add({{"rpc_method", methods_[i]}}, static_cast<double>(snapshot.sum));
  }
  text.Begin("server_batch_operations", "histogram", "Operations that were executed together.");
  for (const Lane lane : kEachLane) {
    text.Add({{"lane", NameOf(lane)}}, batches_, batches_.Read(LaneIndex(lane)), 1);
  }
  text.Begin("server_workers_busy", "gauge", "Workers that execute a batch.");
  for (const Lane lane : kEachLane) {
    text.Add({{"lane", NameOf(lane)}}, static_cast<double>(busy_[LaneIndex(lane)].load()));
  }
  text.Counter("server_claim_replays_total",
               "Writes that were answered with the result of an earlier one of their request_id.",
               static_cast<double>(replays_.load()));
}

void Metrics::Write(PrometheusText& text) const {
  WriteCalls(text);
  WriteBatches(text);
}

}  // namespace dataservice
