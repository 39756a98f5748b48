// Writes calls to the log and to traces. Records no key and no value of a request.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "serve/monitoring/span_exporter.h"
#include "serve/monitoring/trace_context.h"
#include "serve/request/call_observer.h"

namespace dataservice {

struct CallLogSettings {
  // A line for each call, or for a part of them, from 0 to 1.
  bool call_log = false;
  double log_sample = 1;
  // A line for each call that takes longer, or fails for a reason that is not its caller's; 0: not
  // for these.
  std::chrono::milliseconds slow_call{1000};
  // The part of the calls that are traced if their callers do not decide that.
  double trace_sample = 0.01;
};

// Thread-safe.
class CallRecorder {
 public:
  // `exporter` outlives it; null: no traces.
  CallRecorder(const CallLogSettings& settings, SpanExporter* exporter)
      : settings_(settings), exporter_(exporter) {}

  void Record(const CallReport& report);

  // Lines so far that the log does not have, because there were too many in a second.
  uint64_t suppressed() const { return suppressed_.load(std::memory_order_relaxed); }

 private:
  bool HasRoom();
  void Log(const CallReport& report, const TraceContext& trace, const std::string& span_id,
           bool is_slow) const;
  void Trace(const CallReport& report, const TraceContext& trace, const std::string& span_id) const;

  const CallLogSettings settings_;
  SpanExporter* const exporter_;
  std::atomic<int64_t> second_{0};
  std::atomic<int> lines_{0};  // of slow and failed calls in that second
  std::atomic<uint64_t> suppressed_{0};
};

}  // namespace dataservice
