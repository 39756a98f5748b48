package edge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"

	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"dataservice/gateway/coding"
	"dataservice/gateway/gen/engine"
	"dataservice/gateway/header"
	"dataservice/gateway/limits"
	"dataservice/gateway/openapi31"
	"dataservice/gateway/problem"
)

// systemPaths returns the handlers of the paths that every contract has.
func (e *Edge) systemPaths(openAPI []byte) (map[string]http.HandlerFunc, error) {
	newer, err := openapi31.Convert(openAPI)
	if err != nil {
		return nil, err
	}
	return map[string]http.HandlerFunc{
		"/healthz":          alive,
		"/readyz":           e.ready,
		"/openapi.json":     e.document(openAPI),
		"/openapi-3.1.json": e.document(newer),
	}, nil
}

// serveSystem serves a system path, which has GET only.
func (e *Edge) serveSystem(w *responseWriter, r *http.Request, handler http.HandlerFunc) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		e.refuseMethod(w, r, http.MethodGet)
		return
	}
	handler(w, r)
}

// alive reports that the process is running.
func alive(w http.ResponseWriter, _ *http.Request) { writeOK(w) }

// ready reports whether requests are served: not while the gateway drains, and not
// while the server is unreachable or not serving.
func (e *Edge) ready(w http.ResponseWriter, r *http.Request) {
	if e.draining.Load() {
		notReady("The gateway is shutting down.").Write(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), limits.HealthTime)
	defer cancel()
	health, err := e.health.Check(ctx, &healthpb.HealthCheckRequest{})
	switch {
	case err != nil:
		notReady("The data service does not answer.").Write(w)
	case health.GetStatus() != healthpb.HealthCheckResponse_SERVING:
		notReady("The data service says that it is not serving.").Write(w)
	default:
		writeOK(w)
	}
}

func notReady(detail string) *problem.Problem {
	p := problem.New(http.StatusServiceUnavailable, codes.Unavailable, engine.ErrorReason_NOT_READY, detail)
	p.RetryAfter = limits.RetryAfter
	return p
}

func writeOK(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("{\"status\":\"ok\"}\n"))
}

// document returns the handler of a constant JSON text, with an entity tag for caches.
func (e *Edge) document(text []byte) http.HandlerFunc {
	digest := sha256.Sum256(text)
	etag := header.ETag(hex.EncodeToString(digest[:16]))
	forms := &encoded{text: text}
	return func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		chosen := e.chooseCoding(h, r, len(text))
		h["ETag"] = []string{header.CodedETag(etag, string(chosen))}
		h.Set("Cache-Control", "public, max-age=300")
		if list := r.Header["If-None-Match"]; header.Evaluate(http.Header{"If-None-Match": list}, etag) == header.NotModified {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		body := forms.as(chosen)
		if chosen != coding.Identity {
			h.Set("Content-Encoding", string(chosen))
		}
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}
}
