#include "serve/monitoring/call_recorder.h"

#include <random>
#include <string>

#include "engine_limits.h"
#include "google/rpc/error_details.pb.h"
#include "log.h"
#include "serve/errors/details.h"
#include "serve/monitoring/metrics.h"

namespace dataservice {
namespace {

double Milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

// Not for a reason that is the caller's.
bool IsFault(absl::StatusCode code) {
  return code == absl::StatusCode::kUnknown || code == absl::StatusCode::kDeadlineExceeded ||
         code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnavailable ||
         code == absl::StatusCode::kDataLoss;
}

std::string ReasonOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  return FindDetail(status, info) ? info.reason() : std::string();
}

std::string_view CallerName(const Caller& caller) {
  return caller.subject.empty() ? NameOf(caller.kind) : std::string_view(caller.subject);
}

bool HasOperation(const CallReport& report) { return report.times.created != SteadyTime(); }

bool IsDrawn(double part) {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return part > 0 && std::uniform_real_distribution<>()(random) < part;
}

}  // namespace

void CallRecorder::Record(const CallReport& report) {
  const auto duration = report.ended - report.began;
  const bool logs_unusual = settings_.slow_call.count() > 0;
  const bool is_slow = logs_unusual && !report.is_stream && duration >= settings_.slow_call;
  const bool is_unusual = is_slow || (logs_unusual && IsFault(report.status.code()));
  if (!is_unusual && !settings_.call_log && exporter_ == nullptr) return;
  TraceContext trace = TraceContextOf(report.metadata.Metadata("traceparent"));
  if (trace.parent_id.empty()) trace.sampled = IsDrawn(settings_.trace_sample);
  const bool logs = (is_unusual && HasRoom()) ||
                    (settings_.call_log && IsChosen(trace.trace_id, settings_.log_sample));
  const bool traces = exporter_ != nullptr && trace.sampled;
  if (!logs && !traces) return;
  const std::string span_id = NewSpanId();
  if (logs) Log(report, trace, span_id, is_slow);
  if (traces) Trace(report, trace, span_id);
}

bool CallRecorder::HasRoom() {
  const int64_t now = std::chrono::duration_cast<std::chrono::seconds>(
                          std::chrono::steady_clock::now().time_since_epoch())
                          .count();
  if (second_.exchange(now, std::memory_order_relaxed) != now) lines_ = 0;
  if (lines_.fetch_add(1, std::memory_order_relaxed) < kUnusualLines) return true;
  suppressed_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

void CallRecorder::Log(const CallReport& report, const TraceContext& trace,
                       const std::string& span_id, bool is_slow) const {
  LogLine line(is_slow ? "slow_call" : "call");
  line.Add("trace_id", trace.trace_id)
      .Add("span_id", span_id)
      .Add("request_id", report.metadata.RequestId())
      .Add("caller", CallerName(report.caller))
      .Add("method", MethodName(report.path))
      .Add("code", absl::StatusCodeToString(report.status.code()));
  if (const std::string reason = ReasonOf(report.status); !reason.empty()) {
    line.Add("reason", reason);
  }
  line.Add("bytes", static_cast<int64_t>(report.bytes))
      .Add("duration_ms", Milliseconds(report.ended - report.began));
  if (HasOperation(report)) {
    const OperationTimes& times = report.times;
    line.Add("request_ms", Milliseconds(times.created - report.began))
        .Add("queue_ms", Milliseconds(times.taken - times.created))
        .Add("connect_ms", Milliseconds(times.waited.connecting))
        .Add("database_ms", Milliseconds(times.waited.statements))
        .Add("batch", static_cast<int64_t>(times.operations))
        .Add("rows", static_cast<int64_t>(times.rows));
    if (times.on_reader) line.Add("database", "reader");
  }
  if (is_slow || IsFault(report.status.code())) {
    line.Warning();
  } else {
    line.Info();
  }
}

void CallRecorder::Trace(const CallReport& report, const TraceContext& trace,
                         const std::string& span_id) const {
  Span call{
      .name = std::string(report.path.empty() ? "_OTHER" : MethodName(report.path)),
      .kind = SpanKind::kServer,
      .trace_id = trace.trace_id,
      .span_id = span_id,
      .parent_id = trace.parent_id,
      .began = report.began,
      .ended = report.ended,
      .attributes = {{"rpc.system.name", "grpc"},
                     {"rpc.method", std::string(MethodName(report.path))},
                     {"rpc.response.status_code", absl::StatusCodeToString(report.status.code())},
                     {"dataservice.request_id", std::string(report.metadata.RequestId())}},
      .is_error = IsFault(report.status.code())};
  if (std::string reason = ReasonOf(report.status); !reason.empty()) {
    call.attributes.emplace_back("error.type", std::move(reason));
  }
  exporter_->Add(call);
  if (!HasOperation(report)) return;
  const OperationTimes& times = report.times;
  exporter_->Add({.name = "queue",
                  .trace_id = trace.trace_id,
                  .span_id = NewSpanId(),
                  .parent_id = span_id,
                  .began = times.created,
                  .ended = times.taken});
  if (times.operations == 0) return;
  exporter_->Add(
      {.name = "statement",
       .kind = SpanKind::kClient,
       .trace_id = trace.trace_id,
       .span_id = NewSpanId(),
       .parent_id = span_id,
       .began = times.taken,
       .ended = report.ended,
       .attributes = {{"db.system.name", "postgresql"},
                      {"db.operation.batch.size", static_cast<int64_t>(times.operations)},
                      {"db.response.returned_rows", static_cast<int64_t>(times.rows)},
                      {"dataservice.connect_ms", Milliseconds(times.waited.connecting)},
                      {"dataservice.database_ms", Milliseconds(times.waited.statements)}},
       .is_error = IsFault(report.status.code())});
}

}  // namespace dataservice
