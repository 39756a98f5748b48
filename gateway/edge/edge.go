// Package edge is the HTTP side of the gateway: it leads each request to the
// route that serves it, and writes the response. It knows no resource.
package edge

import (
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"dataservice/gateway/contract"
	"dataservice/gateway/request"
	"dataservice/gateway/route"
	"dataservice/gateway/stream"
	"dataservice/gateway/upstream"
)

// Settings are what the operator decides.
type Settings struct {
	// MaxBodyBytes is the largest body that is accepted; a larger one is answered
	// with 413. Every request that is being served may use this much memory.
	MaxBodyBytes int64
	// RequestTimeout is the longest time for a request, from its headers to its
	// response. A client may shorten it with Grpc-Timeout.
	RequestTimeout time.Duration
	// StreamIdle is the longest time in which the client of an import may send
	// nothing, and the client of an export may receive nothing. RequestTimeout
	// does not apply to either.
	StreamIdle time.Duration
	// AccessLog receives a line for every request; nil disables it.
	AccessLog *slog.Logger
	// Log receives what an operator must know.
	Log *slog.Logger
}

// Edge serves a contract over HTTP. It is safe for concurrent use.
type Edge struct {
	settings Settings
	log      *slog.Logger
	conn     *upstream.Conn
	router   route.Router[*contract.Route]
	streams  *stream.Server
	system   map[string]http.HandlerFunc
	health   healthpb.HealthClient
	draining atomic.Bool
}

// New returns the edge of a contract. conn is a connection of upstream.Connect.
func New(c contract.Contract, settings Settings, conn *upstream.Conn) (*Edge, error) {
	routes, err := c.Routes()
	if err != nil {
		return nil, err
	}
	e := &Edge{settings: settings, log: settings.Log, conn: conn, health: healthpb.NewHealthClient(conn)}
	e.streams = &stream.Server{Conn: conn, MaxLineBytes: settings.MaxBodyBytes, Idle: settings.StreamIdle, Log: settings.Log}
	e.system = e.systemPaths(c.OpenAPI)
	for _, r := range routes {
		e.router.Add(r.Verb, r.Path, r)
	}
	return e, nil
}

// Drain makes /readyz fail. All other requests are still served.
func (e *Edge) Drain() { e.draining.Store(true) }

// ServeHTTP serves one request.
func (e *Edge) ServeHTTP(writer http.ResponseWriter, r *http.Request) {
	w := &responseWriter{ResponseWriter: writer}
	var found *contract.Route
	if e.settings.AccessLog != nil {
		defer func(start time.Time) { e.logAccess(w, r, found, start) }(time.Now())
	}
	defer e.recover(w)
	if p := checkTarget(r); p != nil {
		p.Write(w)
		return
	}
	if handler := e.system[r.URL.Path]; handler != nil {
		serveSystem(w, r, handler)
		return
	}
	path, verb := route.Split(r.URL), r.Method
	if verb == http.MethodHead {
		verb = http.MethodGet // net/http sends no body
	}
	var values []string
	if found, values, _ = e.router.Find(verb, path); found == nil {
		refuse(w, r, e.router.Methods(path))
		return
	}
	e.serve(w, r, found, values)
}

// serve serves a request whose route and path variables are known.
func (e *Edge) serve(w *responseWriter, r *http.Request, found *contract.Route, values []string) {
	q, p := request.Parse(found, values, r)
	switch {
	case p != nil:
		p.Write(w)
		return
	case found.Method.IsStreamingClient():
		e.streams.Import(w, r, found, q)
		return
	}
	deadline := time.Now().Add(e.settings.RequestTimeout)
	defer q.Release()
	if p := q.ReadBody(w, r, e.settings.MaxBodyBytes); p != nil {
		p.Write(w)
		return
	}
	if found.Method.IsStreamingServer() {
		e.streams.Export(w, r, found, q)
		return
	}
	e.callUnary(deadline, w, r, found, q)
}
