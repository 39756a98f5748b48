package dataservice.runtime;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;

/**
 * Spans and durations by the OpenTelemetry API, which is an optional dependency: this class is
 * loaded only if the program has it. They carry names of methods, status codes and request ids,
 * never values.
 */
final class OpenTelemetryCalls implements Telemetry {
  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system.name");
  private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
  private static final AttributeKey<String> REQUEST = AttributeKey.stringKey("rpc.request.id");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<Double> DELAY = AttributeKey.doubleKey("delay");
  private static final AttributeKey<String> STATUS =
      AttributeKey.stringKey("rpc.response.status_code");

  private final Tracer tracer;
  private final DoubleHistogram duration;
  private final TextMapPropagator propagator;

  /** Uses the global OpenTelemetry, which the program must have set before. */
  OpenTelemetryCalls(String name) {
    OpenTelemetry api = GlobalOpenTelemetry.getOrNoop();
    tracer = api.getTracer(name);
    propagator = api.getPropagators().getTextMapPropagator();
    duration =
        api.getMeter(name)
            .histogramBuilder("rpc.client.call.duration")
            .setUnit("s")
            .setDescription("Duration of logical calls, with their repetitions")
            .build();
  }

  @Override
  public Span start(MethodDescriptor<?, ?> method, String requestId) {
    String name = method.getFullMethodName();
    io.opentelemetry.api.trace.Span span =
        tracer
            .spanBuilder(name)
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(SYSTEM, "grpc")
            .setAttribute(METHOD, name)
            .setAttribute(REQUEST, requestId)
            .startSpan();
    return new CallSpan(name, span, System.nanoTime());
  }

  private final class CallSpan implements Span {
    private final String method;
    private final io.opentelemetry.api.trace.Span span;
    private final long start;

    CallSpan(String method, io.opentelemetry.api.trace.Span span, long start) {
      this.method = method;
      this.span = span;
      this.start = start;
    }

    @Override
    public void inject(Metadata headers) {
      propagator.inject(
          Context.current().with(span),
          headers,
          (carrier, key, value) ->
              carrier.put(Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER), value));
    }

    @Override
    public void repeated(long pause) {
      span.addEvent("retry", Attributes.of(DELAY, pause / 1e9));
    }

    @Override
    public void end(Throwable failure) {
      Status.Code code = Status.Code.OK;
      if (failure != null) {
        code = failure instanceof ServiceException error ? error.code() : Status.Code.CANCELLED;
        span.setStatus(StatusCode.ERROR);
        span.setAttribute(ERROR, failure.getClass().getSimpleName());
      }
      span.setAttribute(STATUS, code.name());
      span.end();
      duration.record(
          (System.nanoTime() - start) / 1e9,
          Attributes.of(SYSTEM, "grpc", METHOD, method, STATUS, code.name()));
    }
  }
}
