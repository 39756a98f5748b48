package observe

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"dataservice/gateway/limits"
	"dataservice/gateway/tracing"
)

// NewLogger returns a logger in the form of the data service's log: one JSON object a line,
// with time (UTC), level in lower case, and event.
func NewLogger(output io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(output, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if len(groups) > 0 {
			return a
		}
		switch a.Key {
		case slog.TimeKey:
			return slog.String("time", a.Value.Time().UTC().Format("2006-01-02T15:04:05.000000Z"))
		case slog.LevelKey:
			return slog.String("level", levelName(a.Value))
		case slog.MessageKey:
			a.Key = "event"
		}
		return a
	}}))
}

func levelName(level slog.Value) string {
	if name := strings.ToLower(level.String()); name != "warn" {
		return name
	}
	return "warning"
}

// log logs a request that is slow, failed, or is sampled.
func (r *Request) log(duration time.Duration) {
	o := r.observer
	event, level := "request", slog.LevelInfo
	slow := o.Slow > 0 && duration >= o.Slow && !r.Streams
	if slow {
		event, level = "slow_request", slog.LevelWarn
	}
	unusual := slow || (o.Slow > 0 && r.Status >= http.StatusInternalServerError)
	if !(unusual && o.hasRoom()) && !tracing.IsChosen(r.span.Context.TraceID(), o.Sample) {
		return
	}
	attributes := []slog.Attr{
		slog.String("trace_id", r.span.Context.TraceID().String()), slog.String("span_id", r.span.Context.SpanID().String()),
		slog.String("request_id", r.ID), slog.String("client", r.Client), slog.String("verb", r.Verb),
		slog.String("route", r.Route), slog.String("method", r.Method), slog.Int("status", r.Status),
	}
	if r.Code != "" {
		attributes = append(attributes, slog.String("code", r.Code))
	}
	if r.Reason != "" {
		attributes = append(attributes, slog.String("reason", r.Reason))
	}
	attributes = append(attributes, slog.Int64("bytes", r.Bytes), slog.Float64("duration_ms", milliseconds(duration)),
		slog.Float64("turn_ms", milliseconds(r.turn)), slog.Float64("upstream_ms", milliseconds(r.upstream)))
	o.Log.LogAttrs(context.Background(), level, event, attributes...)
}

// hasRoom reports whether the log may have one more line of a slow or failed request in this
// second.
func (o *Observer) hasRoom() bool {
	now := time.Now().Unix()
	if o.second.Swap(now) != now {
		o.lines.Store(0)
	}
	if o.lines.Add(1) <= limits.UnusualLines {
		return true
	}
	if o.Metrics != nil {
		o.Metrics.Suppressed()
	}
	return false
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
