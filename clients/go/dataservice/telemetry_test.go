package dataservice

import (
	"context"
	"io"
	"slices"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
	nooptrace "go.opentelemetry.io/otel/trace/noop"
	"google.golang.org/grpc"
)

func noTelemetry(t *testing.T) *telemetry {
	t.Helper()
	made, err := newTelemetry()
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// recorder is a tracer and its only span.
type recorder struct {
	nooptrace.Tracer
	nooptrace.Span
	name       string
	attributes []attribute.KeyValue
	ends       chan bool
}

func newRecorder() *recorder { return &recorder{ends: make(chan bool, 2)} }

func (r *recorder) Start(ctx context.Context, name string, _ ...trace.SpanStartOption) (context.Context, trace.Span) {
	r.name = name
	return ctx, r
}
func (r *recorder) IsRecording() bool { return true }
func (r *recorder) SetAttributes(given ...attribute.KeyValue) {
	r.attributes = append(r.attributes, given...)
}
func (r *recorder) End(...trace.SpanEndOption) { r.ends <- true }

func (r *recorder) caller() *caller {
	return &caller{telemetry: &telemetry{tracer: r, duration: noop.Float64Histogram{}}}
}

func TestACallIsASpan(t *testing.T) {
	r := newRecorder()
	s := &script{replies: []reply{lost, ok}}
	c := r.caller()
	c.contract, c.retry, c.deadline = Contract{method: identified}, Retry{Attempts: 2, Base: 1, Cap: 1}, 1<<40
	if err := c.unary(context.Background(), method, newMessage("CreateShelfRequest"), nil, nil, s.invoke); err != nil {
		t.Fatal(err)
	}
	expected := []attribute.KeyValue{
		attribute.String("rpc.method", method[1:]), attribute.String("rpc.request.id", s.headers[0]),
		attribute.String("rpc.response.status_code", "OK"),
	}
	if r.name != method[1:] || len(r.ends) != 1 || !slices.Equal(r.attributes, expected) {
		t.Errorf("%s ended %d times, %v", r.name, len(r.ends), r.attributes)
	}
}

// fixedStream receives the same error each time.
type fixedStream struct {
	grpc.ClientStream
	err error
}

func (s fixedStream) RecvMsg(any) error { return s.err }

func TestAStreamIsASpan(t *testing.T) {
	for name, test := range map[string]struct {
		isExport bool
		received error
		code     string
	}{
		"an export at its end":    {true, io.EOF, "OK"},
		"an export that fails":    {true, lost.status.Err(), "Unavailable"},
		"an export that is left":  {true, nil, "Canceled"},
		"an import with a result": {false, nil, "OK"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRecorder()
			ctx, leave := context.WithCancel(context.Background())
			defer leave()
			open := func(context.Context, *grpc.StreamDesc, *grpc.ClientConn, string, ...grpc.CallOption) (grpc.ClientStream, error) {
				return fixedStream{err: test.received}, nil
			}
			stream, err := r.caller().stream(ctx, &grpc.StreamDesc{ServerStreams: test.isExport}, nil, method, open)
			if err != nil {
				t.Fatal(err)
			}
			if err := stream.RecvMsg(nil); (err == nil) != (test.received == nil) {
				t.Error(err)
			}
			leave()
			<-r.ends
			if code := r.attributes[len(r.attributes)-1].Value.AsString(); code != test.code {
				t.Errorf("the span has the code %s", code)
			}
			if len(r.ends) != 0 {
				t.Error("the span has ended twice")
			}
		})
	}
}
