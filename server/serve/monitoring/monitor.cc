#include "serve/monitoring/monitor.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "log.h"

namespace dataservice {
namespace {

std::unique_ptr<SpanExporter> MakeExporter(const MonitoringSettings& settings,
                                           const BuildInfo& build) {
  if (settings.otlp_endpoint.empty()) return nullptr;
  return std::make_unique<SpanExporter>(
      SpanExporter::Settings{.endpoint = settings.otlp_endpoint,
                             .service_name = build.contract + "-server",
                             .service_version = build.version});
}

}  // namespace

Monitor::Monitor(const MonitoringSettings& settings, const Contract& contract, Parts parts)
    : settings_(settings),
      parts_(std::move(parts)),
      metrics_(contract),
      exporter_(MakeExporter(settings, parts_.build)),
      recorder_(settings.calls, exporter_.get()) {}

absl::Status Monitor::Serve(std::function<EngineState()> state) {
  if (settings_.metrics_address.empty()) return absl::OkStatus();
  auto server = MetricsServer::Start(settings_.metrics_address,
                                     [this, state = std::move(state)](const HttpRequest& request) {
                                       return Respond(request, state());
                                     });
  if (!server.ok()) {
    return {server.status().code(), absl::StrCat("--metrics_address: ", server.status().message())};
  }
  server_ = *std::move(server);
  LogInfo("metrics_served", {{"port", absl::StrCat(server_->port())}});
  return absl::OkStatus();
}

void Monitor::OnCallEnd(const CallReport& report) {
  metrics_.OnCallEnd(report);
  recorder_.Record(report);
}

void Monitor::OnBatchEnd(const BatchExecution& batch) {
  metrics_.OnBatchEnd(batch);
  statements_.Add(batch, batch.waited().statements);
}

HttpResponse Monitor::Respond(const HttpRequest& request, const EngineState& state) const {
  if (request.path == "/metrics") {
    return {.type = "text/plain; version=0.0.4; charset=utf-8", .body = MetricsPage(state)};
  }
  if (request.path == "/healthz") return {.body = "ok\n"};
  if (request.path == "/readyz") {
    return state.is_serving ? HttpResponse{.body = "ok\n"}
                            : HttpResponse{.status = 503, .body = "the server stops\n"};
  }
  if (request.path != "/debug" && request.path != "/debug/explain") {
    return {.status = 404,
            .body = "served are /metrics, /healthz, /readyz, /debug and /debug/explain\n"};
  }
  if (!request.is_local) {
    return {.status = 403, .body = "/debug is served to clients of this machine only\n"};
  }
  if (request.path == "/debug/explain") return ExplainPage(request.query);
  return {.type = "application/json", .body = DebugPage(state)};
}

std::string Monitor::MetricsPage(const EngineState& state) const {
  PrometheusText text;
  metrics_.Write(text);
  WriteState(state, text);
  text.Counter("server_log_lines_suppressed_total",
               "Lines of slow and failed calls that the log does not have, because there were too "
               "many in a second.",
               static_cast<double>(recorder_.suppressed()));
  text.Begin("server_spans_total", "counter", "Spans that the collector of traces took or lost.");
  text.Add({{"state", "sent"}}, exporter_ == nullptr ? 0. : static_cast<double>(exporter_->sent()));
  text.Add({{"state", "dropped"}},
           exporter_ == nullptr ? 0. : static_cast<double>(exporter_->dropped()));
  WriteBuild(parts_.build, text);
  WriteProcess(text);
  return text.text();
}

HttpResponse Monitor::ExplainPage(const std::string& id) const {
  for (const SlowStatement& statement : statements_.Slowest(SIZE_MAX)) {
    if (id != "statement=" + statement.id) continue;
    const auto plan = parts_.explain(statement.text, statement.parameters);
    if (plan.ok()) return {.body = absl::StrCat(statement.text, "\n\n", *plan)};
    return {.status = 502, .body = absl::StrCat(plan.status().message(), "\n")};
  }
  return {.status = 404, .body = "no such statement was slow in the last minutes\n"};
}

}  // namespace dataservice
