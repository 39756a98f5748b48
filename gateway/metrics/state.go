package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	"google.golang.org/grpc/connectivity"

	"dataservice/gateway/admission"
)

// State reads what the gateway holds at a moment. All functions are safe for concurrent use.
type State struct {
	// Admission returns what the requests of clients hold.
	Admission func() admission.Snapshot
	// Connections returns the open connections of clients.
	Connections func() Connections
	// Upstream returns the state of the connection to the server.
	Upstream func() connectivity.State
}

// Connections are the open connections of clients.
type Connections struct {
	Open int `json:"open"`
	// Most is the most that may be open, and MostOfOne the most of one client.
	Most      int `json:"most"`
	MostOfOne int `json:"most_of_one"`
	// Refused is the number of connections that were closed because there were too many.
	Refused uint64 `json:"refused"`
	// Largest are the clients with the most connections.
	Largest []admission.Holding `json:"largest,omitempty"`
}

// Observe adds the metrics of the state.
func (g *Gateway) Observe(state State) { g.registry.MustRegister(&stateCollector{state}) }

type stateCollector struct{ State }

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	heldBytes    = describe("gateway_admission_bytes", "Memory that the requests of all clients hold.")
	mostBytes    = describe("gateway_admission_limit_bytes", "--max_bytes_in_flight.")
	largestBytes = describe("gateway_admission_largest_client_bytes", "Memory that the requests of one client hold at most.")
	calling      = describe("gateway_admission_calls", "Unary calls to the server that are under way, or wait for their client's turn.", "state")
	mostCalls    = describe("gateway_admission_limit_calls", "--max_calls.")
	largestCalls = describe("gateway_admission_largest_client_calls", "Unary calls of one client at most, under way and waiting.")
	clients      = describe("gateway_admission_clients", "Clients that hold something or have called a short time ago.")
	refusedBytes = describe("gateway_admission_refused_total", "Requests and pieces of requests for which no memory was free.")
	open         = describe("gateway_connections", "Open connections of clients.")
	mostOpen     = describe("gateway_connections_limit", "The most connections that may be open.")
	refusedOpen  = describe("gateway_connections_refused_total", "Connections that were closed because there were too many.")
	upstream     = describe("gateway_upstream_connection_state", "1 for the state of the connection to the server.", "state")
)

// Describe sends the descriptions of all metrics.
func (c *stateCollector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		heldBytes, mostBytes, largestBytes, calling, mostCalls, largestCalls, clients, refusedBytes, open, mostOpen, refusedOpen, upstream,
	} {
		to <- d
	}
}

// Collect sends the values of this moment.
func (c *stateCollector) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	counter := func(d *prometheus.Desc, value uint64) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(value))
	}
	held := c.Admission()
	gauge(heldBytes, float64(held.Bytes))
	gauge(mostBytes, float64(held.Limits.Bytes))
	gauge(largestBytes, float64(held.MostBytes))
	gauge(calling, float64(held.Calls), "under_way")
	gauge(calling, float64(held.Waiting), "waiting")
	gauge(mostCalls, float64(held.Limits.Calls))
	gauge(largestCalls, float64(held.MostCalls))
	gauge(clients, float64(held.Clients))
	counter(refusedBytes, held.Refused)
	sockets := c.Connections()
	gauge(open, float64(sockets.Open))
	gauge(mostOpen, float64(sockets.Most))
	counter(refusedOpen, sockets.Refused)
	now := c.Upstream()
	for state := connectivity.Idle; state <= connectivity.Shutdown; state++ {
		value := 0.0
		if state == now {
			value = 1
		}
		gauge(upstream, value, stateNames[state])
	}
}

var stateNames = [...]string{"idle", "connecting", "ready", "transient_failure", "shutdown"}
