// Package tracing takes part in the traces of callers (W3C Trace Context) and sends the
// gateway's spans to an OpenTelemetry collector.
package tracing

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Tracer makes spans. The zero Tracer makes none. It is safe for concurrent use.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
	ratio    float64
}

// New returns a Tracer that sends spans to the OTLP/HTTP endpoint of a collector, such as
// http://127.0.0.1:4318. ratio is the part, from 0 to 1, of the requests without a sampled
// trace of their caller that are traced. The service's attributes are names and values in turn.
// Spans that the collector does not take in time are dropped.
func New(ctx context.Context, endpoint string, ratio float64, log *slog.Logger, service ...string) (*Tracer, error) {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint+"/v1/traces"))
	if err != nil {
		return nil, fmt.Errorf("traces cannot be sent to %s: %w", endpoint, err)
	}
	attributes := make([]attribute.KeyValue, 0, len(service)/2)
	for i := 0; i+1 < len(service); i += 2 {
		attributes = append(attributes, attribute.String(service[i], service[i+1]))
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces_lost", "error", err.Error()) }))
	// Start itself decides which requests are sampled.
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithSampler(sdk.AlwaysSample()),
		sdk.WithResource(resource.NewSchemaless(attributes...)))
	return &Tracer{provider, provider.Tracer("dataservice/gateway"), ratio}, nil
}

// Shutdown sends the spans that wait, until ctx ends.
func (t *Tracer) Shutdown(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Span is the gateway's part in the trace of a request.
type Span struct {
	// Context identifies the span; it is valid also if the span is not recorded.
	Context trace.SpanContext
	tracer  trace.Tracer
	span    trace.Span // nil if the span is not recorded
}

var propagator propagation.TraceContext

// Start begins the span of a request with these headers. Without a valid traceparent
// it begins a trace.
func (t *Tracer) Start(headers http.Header) Span {
	ctx := context.Background()
	var parent trace.SpanContext
	if len(headers["Traceparent"]) == 1 {
		ctx = propagator.Extract(ctx, propagation.HeaderCarrier(headers))
		parent = trace.SpanContextFromContext(ctx)
	}
	sampled := parent.IsSampled() || (!parent.IsValid() && t.ratio > 0 && rand.Float64() < t.ratio)
	if t.tracer == nil || !sampled {
		return Span{Context: unrecorded(parent)}
	}
	_, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
	return Span{span.SpanContext(), t.tracer, span}
}

// unrecorded returns the context of a span that nobody records: the trace of its parent, with
// the parent's flags, or a new trace that is not sampled.
func unrecorded(parent trace.SpanContext) trace.SpanContext {
	var id trace.SpanID
	binary.BigEndian.PutUint64(id[:], rand.Uint64()|1) // 0 is invalid
	if parent.IsValid() {
		return parent.WithSpanID(id).WithRemote(false)
	}
	var traceID trace.TraceID
	binary.BigEndian.PutUint64(traceID[:8], rand.Uint64())
	binary.BigEndian.PutUint64(traceID[8:], rand.Uint64()|1)
	return trace.NewSpanContext(trace.SpanContextConfig{TraceID: traceID, SpanID: id})
}

// Child begins a span of a step of the request; nil if the request is not recorded.
func (s *Span) Child(name string, options ...trace.SpanStartOption) trace.Span {
	if s.span == nil {
		return nil
	}
	_, child := s.tracer.Start(trace.ContextWithSpan(context.Background(), s.span), name, options...)
	return child
}

// Recorded returns the span; nil if it is not recorded.
func (s *Span) Recorded() trace.Span { return s.span }

// TraceParent returns the value of the header traceparent for what a span calls.
func TraceParent(span trace.SpanContext) string {
	id, step := span.TraceID(), span.SpanID()
	text := make([]byte, 0, len("00-")+2*len(id)+len("-")+2*len(step)+len("-00"))
	text = hex.AppendEncode(append(text, "00-"...), id[:])
	text = hex.AppendEncode(append(text, '-'), step[:])
	text = hex.AppendEncode(append(text, '-'), []byte{byte(span.TraceFlags())})
	return string(text)
}

// ContextOf returns the context of a step, or that of the request if the step is nil.
func (s *Span) ContextOf(step trace.Span) trace.SpanContext {
	if step == nil {
		return s.Context
	}
	return step.SpanContext()
}

// IsChosen reports whether a trace is among a part, from 0 to 1, of all traces. All programs
// that choose so choose the same ones.
func IsChosen(id trace.TraceID, part float64) bool {
	return float64(binary.BigEndian.Uint64(id[8:])>>11) < part*math.Exp2(53)
}
