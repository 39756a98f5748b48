// Sends spans to an OpenTelemetry collector (OTLP/HTTP, JSON).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dataservice {

// As in opentelemetry/proto/trace/v1/trace.proto.
enum class SpanKind { kInternal = 1, kServer = 2, kClient = 3 };

struct Span {
  using Value = std::variant<std::string, int64_t, double>;

  std::string name;
  SpanKind kind = SpanKind::kInternal;
  std::string trace_id;
  std::string span_id;
  std::string parent_id;  // empty: none
  std::chrono::steady_clock::time_point began;
  std::chrono::steady_clock::time_point ended;
  std::vector<std::pair<std::string_view, Value>> attributes;
  bool is_error = false;
};

// Thread-safe.
class SpanExporter {
 public:
  struct Settings {
    std::string endpoint;  // such as http://127.0.0.1:4318
    std::string service_name;
    std::string service_version;
  };

  explicit SpanExporter(Settings settings);
  // Sends what waits, for a short time at most.
  ~SpanExporter();

  // Sends the span soon. It is dropped if too many wait, or the collector does not take it.
  void Add(const Span& span);

  // Spans so far.
  uint64_t sent() const { return sent_.load(std::memory_order_relaxed); }
  uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  bool HasWork() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Run();
  void Send(const std::vector<std::string>& spans);

  const Settings settings_;
  std::atomic<uint64_t> sent_{0};
  std::atomic<uint64_t> dropped_{0};
  absl::Mutex mutex_;
  std::vector<std::string> waiting_ ABSL_GUARDED_BY(mutex_);  // JSON
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dataservice
