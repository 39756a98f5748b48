// Package edge is the HTTP side of the gateway: it leads each request to the
// route that serves it, and writes the response. It knows no resource.
package edge

import (
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"dataservice/gateway/admission"
	"dataservice/gateway/contract"
	"dataservice/gateway/header"
	"dataservice/gateway/limits"
	"dataservice/gateway/observe"
	"dataservice/gateway/problem"
	"dataservice/gateway/request"
	"dataservice/gateway/route"
	"dataservice/gateway/site"
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
	// Admission decides how much memory requests may hold, and whose call is next; nil
	// limits neither.
	Admission *admission.Control
	// StreamIdle is the longest time in which the client of an import may send
	// nothing, and the client of an export may receive nothing. RequestTimeout
	// does not apply to either.
	StreamIdle time.Duration
	// BasePath is the path below which clients see the gateway, such as /prod; "" for none. It
	// does not end with a slash.
	BasePath string
	// CompressAbove is the size in bytes above which an answer is compressed for clients that
	// accept it; 0 is never.
	CompressAbove int
	// CacheControl is the value of Cache-Control of reads; "" sends none.
	CacheControl string
	// Secure reports whether the gateway serves HTTPS.
	Secure bool
	// RequireAuthorization rejects requests without Authorization (401).
	RequireAuthorization bool
	// Proxies are the proxies in front of the gateway.
	Proxies header.Proxies
	CORS    CORS
	// Page reports whether the web page of the contract is served, if it has one, and
	// Reference whether the API reference is.
	Page, Reference bool
	// Observer records every request; nil records none.
	Observer *observe.Observer
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
	pages    []*site.Site
	cors     *cors // nil if no origin is allowed
	health   healthpb.HealthClient
	draining atomic.Bool
	// cacheControl is the value of Cache-Control of reads, which all answers share; nil for
	// none.
	cacheControl []string
}

// New returns the edge of a contract. conn is a connection of upstream.Connect.
func New(c contract.Contract, settings Settings, conn *upstream.Conn) (*Edge, error) {
	routes, err := c.Routes()
	if err != nil {
		return nil, err
	}
	e := &Edge{settings: settings, log: settings.Log, conn: conn, cors: newCORS(settings.CORS), health: healthpb.NewHealthClient(conn)}
	e.streams = &stream.Server{Conn: conn, MaxLineBytes: settings.MaxBodyBytes, Idle: settings.StreamIdle, Log: settings.Log, Compress: settings.CompressAbove > 0}
	if settings.CacheControl != "" {
		e.cacheControl = []string{settings.CacheControl}
		e.streams.CacheControl = e.cacheControl
	}
	if c.OpenAPI, err = adapted(c.OpenAPI, settings); err != nil {
		return nil, err
	}
	if e.system, err = e.systemPaths(c.OpenAPI); err != nil {
		return nil, err
	}
	if e.pages, err = pages(c, settings); err != nil {
		return nil, err
	}
	for _, r := range routes {
		e.router.Add(r.Verb, r.Path, r)
	}
	return e, nil
}

// Drain makes /readyz fail. All other requests are still served.
func (e *Edge) Drain() { e.draining.Store(true) }

// ServeHTTP serves one request.
func (e *Edge) ServeHTTP(writer http.ResponseWriter, r *http.Request) {
	w := &responseWriter{
		ResponseWriter: writer, shared: r.ProtoMajor > 1, from: e.settings.Proxies.Origin(r, e.settings.Secure),
	}
	answer := w.Header()
	header.SetSecurity(answer, w.from.Secure)
	w.requestID = header.SetRequestID(answer, r.Header)
	if e.cors != nil {
		w.readable = e.cors.allow(answer, r)
	}
	var found *contract.Route
	w.record = e.settings.Observer.Begin(r.Header)
	defer w.endRecord(r)
	defer e.recover(w)
	if r.Method == http.MethodOptions && r.RequestURI == "*" {
		w.WriteHeader(http.StatusOK) // the server as such (RFC 9110, 9.3.7)
		return
	}
	if p := checkTarget(r); p != nil {
		p.Write(w)
		return
	}
	if base := e.settings.BasePath; base != "" {
		if r.URL.Path == base && e.findPage(pageAddress) != nil {
			e.serveSystem(w, r, redirectToPage)
			return
		}
		withoutBasePath(r.URL, base)
	}
	if handler := e.system[r.URL.Path]; handler != nil {
		e.serveSystem(w, r, handler)
		return
	}
	if !e.admit(w, r) {
		problem.Overloaded().Write(w)
		return
	}
	defer w.held.End()
	path, verb := route.Split(r.URL), r.Method
	if verb == http.MethodHead {
		verb = http.MethodGet // net/http sends no body
	}
	var values []string
	if found, values, _ = e.router.Find(verb, path); found == nil {
		if handler := e.findPage(r.URL.Path); handler != nil {
			e.serveSystem(w, r, handler)
			return
		}
		e.refuse(w, r, e.router.Methods(path))
		return
	}
	w.setRoute(found)
	e.serve(w, r, found, values)
}

// admit takes the memory of a small request, and that of a large head of HTTP/2 (package
// http1 takes that of a head of HTTP/1), and reports whether it was free.
func (e *Edge) admit(w *responseWriter, r *http.Request) bool {
	if e.settings.Admission == nil {
		return true
	}
	var client admission.Client
	if address, err := netip.ParseAddr(w.from.Address); err == nil && !e.settings.Proxies.Trust(address) {
		client = admission.ClientOf(address)
	}
	if !w.held.Begin(e.settings.Admission, client) {
		return false
	}
	if w.shared && !w.held.Hold(limits.HeadCopies*int64(headSize(r))) {
		w.held.End()
		return false
	}
	return true
}

// serve serves a request whose route and path variables are known.
func (e *Edge) serve(w *responseWriter, r *http.Request, found *contract.Route, values []string) {
	if e.settings.RequireAuthorization && len(r.Header["Authorization"]) == 0 {
		problem.New(http.StatusUnauthorized, codes.Unauthenticated, problem.NoReason, "The request has no Authorization.").
			With("Www-Authenticate", problem.Challenge(found.Realm, "")).Write(w)
		return
	}
	q, p := request.Parse(found, values, r)
	if p != nil {
		p.Write(w)
		return
	}
	q.Metadata = header.Metadata(r, w.from, w.requestID)
	if w.record.Streams {
		call, trace := w.record.Call()
		defer call.EndStream()
		q.Metadata = append(q.Metadata, trace...)
	}
	if found.Method.IsStreamingClient() {
		e.streams.Import(w, r, found, q, &w.held)
		return
	}
	deadline := time.Now().Add(e.settings.RequestTimeout)
	defer q.Release()
	if p := q.ReadBody(w, r, e.settings.MaxBodyBytes, &w.held); p != nil {
		p.Write(w)
		return
	}
	if found.Method.IsStreamingServer() {
		e.streams.Export(w, r, found, q, &w.held)
		return
	}
	e.callUnary(deadline, w, r, found, q)
}
