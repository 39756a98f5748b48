package edge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"

	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
)

// systemPaths are what the edge answers by itself, whatever the contract.
func (e *Edge) systemPaths(openAPI []byte) map[string]http.HandlerFunc {
	digest := sha256.Sum256(openAPI)
	etag := quoteETag(hex.EncodeToString(digest[:16]))
	return map[string]http.HandlerFunc{
		"/healthz":      alive,
		"/readyz":       e.ready,
		"/openapi.json": func(w http.ResponseWriter, r *http.Request) { document(w, r, openAPI, etag) },
	}
}

// alive says that the process is there, and nothing more.
func alive(w http.ResponseWriter, _ *http.Request) { writeOK(w) }

// ready says whether a request would be served: not while draining, and not
// when the server is away or does not serve.
func (e *Edge) ready(w http.ResponseWriter, r *http.Request) {
	if e.draining.Load() {
		notReady("The gateway is shutting down.").write(w)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), healthTime)
	defer cancel()
	health, err := e.health.Check(ctx, &healthpb.HealthCheckRequest{})
	switch {
	case err != nil:
		notReady("The data service does not answer.").write(w)
	case health.GetStatus() != healthpb.HealthCheckResponse_SERVING:
		notReady("The data service says that it is not serving.").write(w)
	default:
		writeOK(w)
	}
}

func notReady(detail string) *Problem {
	p := newProblem(http.StatusServiceUnavailable, codes.Unavailable, "NOT_READY", detail)
	p.retryAfter = retryAfter
	return p.with("Cache-Control", "no-store")
}

func writeOK(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("{\"status\":\"ok\"}\n"))
}

// document serves a fixed JSON text, with validation for caches.
func document(w http.ResponseWriter, r *http.Request, text []byte, etag string) {
	header := w.Header()
	header["ETag"] = []string{etag}
	header.Set("Cache-Control", "public, max-age=300")
	if list := r.Header["If-None-Match"]; len(list) > 0 && listsETag(strings.Join(list, ","), etag, true) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(text)))
	_, _ = w.Write(text)
}
