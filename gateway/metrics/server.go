package metrics

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"google.golang.org/grpc/connectivity"
)

// requestTime is the longest time for a request of the metrics.
const requestTime = 10 * time.Second

// Serve serves /metrics, and for clients of this machine /debug, which is the JSON of what
// debug returns, until stop is done.
func (g *Gateway) Serve(stop context.Context, listener net.Listener, debug func() any) {
	paths := http.NewServeMux()
	paths.Handle("GET /metrics", promhttp.HandlerFor(g.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: requestTime}))
	paths.HandleFunc("GET /debug", func(w http.ResponseWriter, r *http.Request) {
		if !isLocal(r) {
			http.Error(w, "/debug is served to clients of this machine only", http.StatusForbidden)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		_ = encoder.Encode(debug()) // the client may have closed the connection
	})
	server := http.Server{Handler: paths, ReadTimeout: requestTime, WriteTimeout: 2 * requestTime, IdleTimeout: time.Minute}
	context.AfterFunc(stop, func() { server.Close() })
	_ = server.Serve(listener) // ends when it is closed
}

// isLocal reports whether a request was sent by a client of this machine to its loopback
// interface. A Host of another name is that of a page in a browser whose name resolves here.
func isLocal(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		return false
	}
	name := r.Host
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	return name == "localhost" || net.ParseIP(name).IsLoopback()
}

// StateName returns the name of a state of a connection, as in the metrics.
func StateName(state connectivity.State) string { return stateNames[state] }
