// Package metrics counts what the gateway does and serves the counts to Prometheus. The names
// are those of OpenTelemetry's conventions for HTTP and RPC where these have one, and begin
// with gateway_ otherwise. No label has a value of a request: the values of each label are
// those of the contract, or a fixed list.
package metrics

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/problem"
)

// other is the value of a label for what has no name in the contract.
const other = "_OTHER"

// durations are the upper bounds of the histograms of durations, in seconds.
var durations = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}

// Gateway has the metrics of a gateway. It is safe for concurrent use.
type Gateway struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	calls    *prometheus.HistogramVec
	turns    prometheus.Histogram
	problems *prometheus.CounterVec
	active   prometheus.Gauge
	// suppressed are lines that the log does not have.
	suppressed prometheus.Counter
}

// New returns the metrics of a gateway that serves a contract. The build is a label of
// gateway_build_info.
func New(contract string, build Build) *Gateway {
	g := &Gateway{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "http_server_request_duration_seconds", Buckets: durations,
			Help: "Time from the headers of a request to the end of its answer.",
		}, []string{"http_request_method", "http_route", "rpc_method", "http_response_status_code"}),
		calls: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "rpc_client_call_duration_seconds", Buckets: durations,
			Help: "Time of a unary call to the server.",
		}, []string{"rpc_method", "rpc_response_status_code"}),
		turns: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "gateway_turn_wait_seconds", Buckets: durations,
			Help: "Time that a unary call waited for its client's turn.",
		}),
		problems: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "gateway_problems_total", Help: "Errors that were answered, by the code and the reason that the client gets.",
		}, []string{"rpc_response_status_code", "error_reason"}),
		active: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "http_server_active_requests", Help: "Requests that are being served.",
		}),
		suppressed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "gateway_log_lines_suppressed_total",
			Help: "Lines of slow and failed requests that the log does not have, because there were too many in a second.",
		}),
	}
	info := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "gateway_build_info", Help: "1; the labels are the build.", ConstLabels: build.labels(contract),
	})
	info.Set(1)
	for _, alerted := range alertedProblems {
		g.problems.WithLabelValues(problem.CodeName(alerted.code), alerted.reason.String())
	}
	g.registry.MustRegister(g.requests, g.calls, g.turns, g.problems, g.active, g.suppressed, info, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return g
}

// alertedProblems are the problems that alerts are about (deploy/monitoring). They are there
// from the start: a series that begins with the first problem has no increase.
var alertedProblems = []struct {
	code   codes.Code
	reason engine.ErrorReason
}{
	{codes.Unavailable, engine.ErrorReason_DATABASE_UNAVAILABLE},
	{codes.Unavailable, engine.ErrorReason_ROW_LOCKED},
	{codes.Unavailable, engine.ErrorReason_GATEWAY_OVERLOADED},
	{codes.DeadlineExceeded, engine.ErrorReason_STATEMENT_TIMEOUT},
	{codes.ResourceExhausted, engine.ErrorReason_QUEUE_FULL},
}

// Began counts a request that is being served.
func (g *Gateway) Began() { g.active.Inc() }

// Ended counts a request that was answered. The route and the method are empty if it has none.
func (g *Gateway) Ended(verb, route, method string, status int, duration time.Duration) {
	g.active.Dec()
	if route == "" {
		route, method = other, other
	}
	g.requests.WithLabelValues(verbOf(verb), route, method, strconv.Itoa(status)).Observe(duration.Seconds())
}

// Called counts a unary call to the server.
func (g *Gateway) Called(method string, code codes.Code, duration time.Duration) {
	g.calls.WithLabelValues(method, problem.CodeName(code)).Observe(duration.Seconds())
}

// Waited counts a unary call that had its turn after a time.
func (g *Gateway) Waited(duration time.Duration) { g.turns.Observe(duration.Seconds()) }

// Failed counts an error that was answered. The reason is empty if the code alone says what it is.
func (g *Gateway) Failed(code, reason string) {
	if _, known := engine.ErrorReason_value[reason]; !known && reason != "" {
		reason = other // of a method that is written by hand
	}
	g.problems.WithLabelValues(code, reason).Inc()
}

// Suppressed counts a line that the log does not have.
func (g *Gateway) Suppressed() { g.suppressed.Inc() }

// verbOf returns the method of a request, whose values are not limited, as a label.
func verbOf(verb string) string {
	switch verb {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return verb
	}
	return other
}
