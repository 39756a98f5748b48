// Package observe records what becomes of each request: in the metrics, in the log and in
// traces. It records no key, no query and no value of a request.
package observe

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	otelcodes "go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc/codes"

	"dataservice/gateway/metrics"
	"dataservice/gateway/problem"
	"dataservice/gateway/tracing"
)

// Observer records requests. It is safe for concurrent use.
type Observer struct {
	// Metrics may be nil.
	Metrics *metrics.Gateway
	Tracer  *tracing.Tracer
	Log     *slog.Logger
	// Sample is the part of the requests, from 0 to 1, that are logged. Those that take Slow, or
	// are answered with a status of 500 and up, are logged in any case, at most
	// limits.UnusualLines of them a second; Slow of 0 logs neither.
	Sample float64
	Slow   time.Duration

	// The lines of slow and failed requests in a second (Unix time).
	second, lines atomic.Int64
}

// Request is what is known of one request. One goroutine uses it. The zero Request records
// nothing.
type Request struct {
	// Verb is the request's method.
	Verb string
	// Route is the template of the path and Method the name of the gRPC method; both are empty if
	// the request has no route.
	Route, Method string
	ID, Client    string
	// Code and Reason are those of the error that was answered; empty if there is none.
	Code, Reason string
	Status       int
	Bytes        int64
	// Streams is set for an import or an export, which may take long.
	Streams bool

	observer *Observer
	began    time.Time
	span     tracing.Span
	turn     time.Duration
	upstream time.Duration
}

// Begin begins the record of a request with these headers.
func (o *Observer) Begin(headers http.Header) Request {
	if o == nil {
		return Request{}
	}
	if o.Metrics != nil {
		o.Metrics.Began()
	}
	return Request{observer: o, began: time.Now(), span: o.Tracer.Start(headers)}
}

// End records the request, which was answered.
func (r *Request) End() {
	o := r.observer
	if o == nil {
		return
	}
	duration := time.Since(r.began)
	if o.Metrics != nil {
		o.Metrics.Ended(r.Verb, r.Route, r.Method, r.Status, duration)
		if r.Code != "" {
			o.Metrics.Failed(r.Code, r.Reason)
		}
	}
	r.log(duration)
	r.endSpan()
}

// Waited records that the call of the request had its turn, after waiting since a moment.
func (r *Request) Waited(since time.Time) {
	if r.observer == nil {
		return
	}
	r.turn = time.Since(since)
	if r.observer.Metrics != nil {
		r.observer.Metrics.Waited(r.turn)
	}
	if step := r.span.Child("turn", trace.WithTimestamp(since)); step != nil {
		step.End()
	}
}

// Call is a call to the server.
type Call struct {
	request *Request
	began   time.Time
	step    trace.Span
}

// Call begins a call to the server, and returns it with the metadata by which the server
// continues the trace: keys and values in turn.
func (r *Request) Call() (Call, []string) {
	if r.observer == nil {
		return Call{}, nil
	}
	c := Call{request: r, began: time.Now()}
	c.step = r.span.Child(r.Method, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(c.began))
	return c, []string{"traceparent", tracing.TraceParent(r.span.ContextOf(c.step))}
}

// End records the end of a unary call.
func (c Call) End(code codes.Code) {
	if c.request == nil {
		return
	}
	c.request.upstream = time.Since(c.began)
	if m := c.request.observer.Metrics; m != nil {
		m.Called(c.request.Method, code, c.request.upstream)
	}
	if c.step != nil {
		c.step.SetAttributes(attribute.String("rpc.system.name", "grpc"), attribute.String("rpc.method", c.request.Method),
			attribute.String("rpc.response.status_code", problem.CodeName(code)))
		c.step.End()
	}
}

// EndStream records the end of a stream.
func (c Call) EndStream() {
	if c.step != nil {
		c.step.End()
	}
}

func (r *Request) endSpan() {
	span := r.span.Recorded()
	if span == nil {
		return
	}
	span.SetName(r.Verb + " " + r.Route)
	span.SetAttributes(attribute.String("http.request.method", r.Verb), attribute.String("http.route", r.Route),
		attribute.Int("http.response.status_code", r.Status), attribute.String("rpc.method", r.Method),
		attribute.String("dataservice.request_id", r.ID), attribute.String("client.address", r.Client))
	if r.Reason != "" {
		span.SetAttributes(attribute.String("error.type", r.Reason))
	}
	if r.Status >= http.StatusInternalServerError {
		span.SetStatus(otelcodes.Error, r.Code)
	}
	span.End()
}
