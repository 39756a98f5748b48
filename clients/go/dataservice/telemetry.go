package dataservice

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

const instrumentation = "dataservice"

var rpcSystem = attribute.String("rpc.system.name", "grpc")

// telemetry makes a span and a duration of each logical call. Both have names of methods,
// status codes and request ids, never values. It costs little while the program has set no
// provider.
type telemetry struct {
	tracer   trace.Tracer
	duration metric.Float64Histogram
	options  []trace.SpanStartOption
}

// newTelemetry uses the global providers, which may also be set later.
func newTelemetry() (*telemetry, error) {
	duration, err := otel.Meter(instrumentation).Float64Histogram("rpc.client.call.duration", metric.WithUnit("s"),
		metric.WithDescription("Duration of logical calls, with their repetitions"))
	return &telemetry{
		tracer:   otel.Tracer(instrumentation),
		duration: duration,
		options:  []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(rpcSystem)},
	}, err
}

// span is that of one logical call.
type span struct {
	telemetry *telemetry
	span      trace.Span
	method    string
	start     time.Time
}

// begin begins the span of a call, and returns a context whose metadata have the trace
// context for the service.
func (t *telemetry) begin(ctx context.Context, method, requestID string) (context.Context, span) {
	name := method[1:]
	ctx, s := t.tracer.Start(ctx, name, t.options...)
	if s.IsRecording() {
		s.SetAttributes(attribute.String("rpc.method", name), attribute.String("rpc.request.id", requestID))
	}
	if s.SpanContext().IsValid() {
		carrier := propagation.MapCarrier{}
		otel.GetTextMapPropagator().Inject(ctx, carrier)
		for key, value := range carrier {
			ctx = metadata.AppendToOutgoingContext(ctx, key, value)
		}
	}
	return ctx, span{t, s, name, time.Now()}
}

// end ends the span; err is nil if the call succeeded.
func (s span) end(ctx context.Context, err error) {
	code := attribute.String("rpc.response.status_code", status.Code(err).String())
	if s.span.IsRecording() {
		s.span.SetAttributes(code)
		if err != nil {
			s.span.SetStatus(otelcodes.Error, "")
		}
	}
	s.span.End()
	if s.telemetry.duration.Enabled(ctx) {
		s.telemetry.duration.Record(ctx, time.Since(s.start).Seconds(),
			metric.WithAttributes(rpcSystem, attribute.String("rpc.method", s.method), code))
	}
}

// untilDone returns a function that calls end once. It does so itself when the caller leaves
// a stream, by the end of its context.
func untilDone(ctx context.Context, end func(error)) func(error) {
	var once sync.Once
	stop := context.AfterFunc(ctx, func() {
		once.Do(func() { end(status.FromContextError(ctx.Err()).Err()) })
	})
	return func(err error) {
		stop()
		once.Do(func() { end(err) })
	}
}
