package tracing

import (
	"testing"

	"go.opentelemetry.io/otel/trace"
)

func TestTraceParentHasTheFormOfTheStandard(t *testing.T) {
	span := trace.NewSpanContext(trace.SpanContextConfig{
		TraceID:    trace.TraceID{0x4b, 0xf9, 15: 0x36},
		SpanID:     trace.SpanID{0, 0xf0, 7: 0xb7},
		TraceFlags: trace.FlagsSampled,
	})
	if got, want := TraceParent(span), "00-4bf90000000000000000000000000036-00f00000000000b7-01"; got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if got := TraceParent(trace.SpanContext{}); got != "00-00000000000000000000000000000000-0000000000000000-00" {
		t.Error(got)
	}
}
