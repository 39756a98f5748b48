// Counts calls and batches for Prometheus. The names are those of OpenTelemetry's conventions for
// RPC and databases where these have one, and begin with server_ otherwise. No label has a value of
// a request: the values of each label are those of the contract, or a fixed list.
#pragma once

#include <array>
#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "contract/contract.h"
#include "serve/execution/operation.h"
#include "serve/monitoring/engine_state.h"
#include "serve/monitoring/histograms.h"
#include "serve/monitoring/prometheus_text.h"
#include "serve/request/call_observer.h"

namespace dataservice {

// "read", "write", "bulk" or "alone".
std::string_view NameOf(Lane lane);

// "calls", "streams", "health_checks", "unread_bytes" or "partial_bytes".
std::string_view NameOf(Counted counted);

// The name of a method in metrics, logs and traces: its path without the slash at the beginning.
std::string_view MethodName(std::string_view path);

// Thread-safe.
class Metrics final : public CallObserver, public ExecutionObserver {
 public:
  explicit Metrics(const Contract& contract);

  void OnCallBegin() override { begun_.Increase(); }
  void OnCallEnd(const CallReport& report) override;
  void OnBatchBegin(const BatchExecution& batch) override;
  void OnBatchEnd(const BatchExecution& batch) override;

  void Write(PrometheusText& text) const;

 private:
  static constexpr size_t kCodes = 17;  // of gRPC

  size_t MethodOf(std::string_view path) const;
  void WriteCalls(PrometheusText& text) const;
  void WriteBatches(PrometheusText& text) const;
  void WriteByMethod(PrometheusText& text, const Histograms& histograms) const;

  std::vector<std::string> methods_;  // the last one stands for all paths that no method has
  absl::flat_hash_map<std::string, size_t> by_path_;
  StripedCounter begun_;   // calls
  Histograms calls_;       // by method and code, in nanoseconds
  Histograms waits_;       // by method: operations in the queue, in nanoseconds
  Histograms statements_;  // by method: batches in the database, in nanoseconds
  Histograms rows_;        // by method: batches, in rows
  Histograms batches_;     // by lane, in operations
  std::array<std::atomic<int64_t>, kLanes> busy_{};
  std::atomic<uint64_t> replays_{0};
};

// Writes the metrics of what an engine holds and has counted, and of the process.
void WriteState(const EngineState& state, PrometheusText& text);
void WriteBuild(const BuildInfo& build, PrometheusText& text);
// What cannot be read, because no file descriptor is free, is left out.
void WriteProcess(PrometheusText& text);

}  // namespace dataservice
