// Observes an engine, and shows operators what it does: metrics, /debug, log and traces.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "serve/monitoring/call_recorder.h"
#include "serve/monitoring/metrics.h"
#include "serve/monitoring/metrics_server.h"
#include "serve/monitoring/slow_statements.h"

namespace dataservice {

struct MonitoringSettings {
  // Where to serve /metrics, /healthz, /readyz and /debug; empty: nowhere.
  std::string metrics_address;
  CallLogSettings calls;
  // Of the collector of traces, such as http://127.0.0.1:4318; empty: traces go nowhere.
  std::string otlp_endpoint;
};

// Thread-safe.
class Monitor final : public CallObserver, public ExecutionObserver {
 public:
  struct Parts {
    BuildInfo build;
    // Each flag with its value, without secrets.
    std::map<std::string, std::string> flags;
    // The plan of a statement with this number of parameters, without executing it. Blocks.
    std::function<absl::StatusOr<std::string>(const std::string& text, size_t parameters)> explain;
  };

  Monitor(const MonitoringSettings& settings, const Contract& contract, Parts parts);

  // Serves /metrics, /healthz and /readyz, and for clients of this machine /debug, until
  // StopServing(). `state` must
  // work until then. As MetricsServer::Start.
  absl::Status Serve(std::function<EngineState()> state);
  void StopServing() { server_.reset(); }

  void OnCallBegin() override { metrics_.OnCallBegin(); }
  void OnCallEnd(const CallReport& report) override;
  void OnBatchBegin(const BatchExecution& batch) override { metrics_.OnBatchBegin(batch); }
  void OnBatchEnd(const BatchExecution& batch) override;

 private:
  HttpResponse Respond(const HttpRequest& request, const EngineState& state) const;
  std::string MetricsPage(const EngineState& state) const;
  std::string DebugPage(const EngineState& state) const;
  HttpResponse ExplainPage(const std::string& id) const;

  const MonitoringSettings settings_;
  const Parts parts_;
  Metrics metrics_;
  SlowStatements statements_;
  const std::unique_ptr<SpanExporter> exporter_;  // null without an endpoint
  CallRecorder recorder_;
  std::unique_ptr<MetricsServer> server_;
};

}  // namespace dataservice
