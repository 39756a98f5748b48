package observe

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"dataservice/gateway/limits"
	"dataservice/gateway/tracing"
)

func record(o *Observer, status int) {
	r := o.Begin(http.Header{})
	r.Status = status
	r.End()
}

func TestAnOutageDoesNotFillTheLog(t *testing.T) {
	var text bytes.Buffer
	o := &Observer{Tracer: &tracing.Tracer{}, Log: NewLogger(&text), Slow: time.Hour}
	record(o, http.StatusOK)
	if text.Len() > 0 {
		t.Errorf("%s", &text)
	}
	for range 10 * limits.UnusualLines {
		record(o, http.StatusServiceUnavailable)
	}
	// The second may have changed meanwhile.
	if lines := strings.Count(text.String(), "\n"); lines < limits.UnusualLines || lines > 2*limits.UnusualLines {
		t.Errorf("%d lines", lines)
	}
}

func TestAPartOfTheRequestsIsLogged(t *testing.T) {
	var text bytes.Buffer
	o := &Observer{Tracer: &tracing.Tracer{}, Log: NewLogger(&text), Sample: 0.2}
	for range 5000 {
		record(o, http.StatusOK)
	}
	if lines := strings.Count(text.String(), "\n"); lines < 800 || lines > 1200 {
		t.Errorf("%d lines", lines)
	}
}
