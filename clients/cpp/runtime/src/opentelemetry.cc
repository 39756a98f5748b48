// Spans and durations of calls by the OpenTelemetry API: names of methods, status codes and
// request ids, never values.

#include "dataservice/client/telemetry.h"

#ifdef DATASERVICE_CLIENT_OPENTELEMETRY
#include <absl/time/clock.h>
#include <opentelemetry/context/propagation/global_propagator.h>
#include <opentelemetry/context/propagation/text_map_propagator.h>
#include <opentelemetry/context/runtime_context.h>
#include <opentelemetry/metrics/provider.h>
#include <opentelemetry/trace/context.h>
#include <opentelemetry/trace/provider.h>
#endif

#include <utility>

namespace dataservice::client {

#ifdef DATASERVICE_CLIENT_OPENTELEMETRY
namespace {

namespace otel = opentelemetry;
using Tracer = otel::nostd::shared_ptr<otel::trace::Tracer>;
using Span = otel::nostd::shared_ptr<otel::trace::Span>;
using Durations = otel::nostd::unique_ptr<otel::metrics::Histogram<double>>;

otel::nostd::string_view View(const std::string& text) { return {text.data(), text.size()}; }

class Carrier : public otel::context::propagation::TextMapCarrier {
 public:
  otel::nostd::string_view Get(otel::nostd::string_view) const noexcept override { return ""; }
  void Set(otel::nostd::string_view key, otel::nostd::string_view value) noexcept override {
    metadata[std::string(key)] = std::string(value);
  }

  std::map<std::string, std::string> metadata;
};

class Observer : public CallObserver {
 public:
  Observer(Span span, std::string method, const Durations& durations)
      : span_(std::move(span)), method_(std::move(method)), durations_(durations) {}

  std::map<std::string, std::string> Metadata() override {
    Carrier carrier;
    otel::context::Context current = otel::context::RuntimeContext::GetCurrent();
    otel::context::propagation::GlobalTextMapPropagator::GetGlobalPropagator()->Inject(
        carrier, otel::trace::SetSpan(current, span_));
    return std::move(carrier.metadata);
  }

  void Repeated(absl::Duration pause) override {
    span_->AddEvent("retry", {{"delay", absl::ToDoubleSeconds(pause)}});
  }

  void End(absl::StatusCode code, absl::string_view error) override {
    const std::string code_name = absl::StatusCodeToString(code);
    const std::string error_name(error.empty() ? absl::string_view(code_name) : error);
    span_->SetAttribute("rpc.response.status_code", View(code_name));
    if (code != absl::StatusCode::kOk) {
      span_->SetAttribute("error.type", View(error_name));
      span_->SetStatus(otel::trace::StatusCode::kError);
    }
    span_->End();
    durations_->Record(absl::ToDoubleSeconds(absl::Now() - begin_),
                       {{"rpc.system.name", "grpc"},
                        {"rpc.method", View(method_)},
                        {"rpc.response.status_code", View(code_name)}},
                       otel::context::RuntimeContext::GetCurrent());
  }

 private:
  const Span span_;
  const std::string method_;
  const Durations& durations_;
  const absl::Time begin_ = absl::Now();
};

class Global : public Telemetry {
 public:
  Global(const std::string& name, const std::string& version)
      : tracer_(otel::trace::Provider::GetTracerProvider()->GetTracer(name, version)),
        durations_(otel::metrics::Provider::GetMeterProvider()
                       ->GetMeter(name, version)
                       ->CreateDoubleHistogram("rpc.client.call.duration",
                                               "Duration of logical calls, with their repetitions",
                                               "s")) {}

  std::unique_ptr<CallObserver> Begin(absl::string_view method,
                                      absl::string_view request_id) override {
    const std::string name(method);
    const std::string id(request_id);
    otel::trace::StartSpanOptions options;
    options.kind = otel::trace::SpanKind::kClient;
    Span span = tracer_->StartSpan(
        name,
        {{"rpc.system.name", "grpc"}, {"rpc.method", View(name)}, {"rpc.request.id", View(id)}},
        options);
    return std::make_unique<Observer>(std::move(span), name, durations_);
  }

 private:
  const Tracer tracer_;
  const Durations durations_;
};

}  // namespace

std::shared_ptr<Telemetry> OpenTelemetry(const std::string& name, const std::string& version) {
  return std::make_shared<Global>(name, version);
}

#else

std::shared_ptr<Telemetry> OpenTelemetry(const std::string&, const std::string&) { return nullptr; }

#endif

}  // namespace dataservice::client
