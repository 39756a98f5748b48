package edge

import (
	"net/http"
	"runtime/debug"
	"time"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/contract"
	"dataservice/gateway/problem"
)

// logAccess logs one request, without the values of its query. found is nil if it
// has no route.
func (e *Edge) logAccess(w *responseWriter, r *http.Request, found *contract.Route, start time.Time) {
	method := ""
	if found != nil {
		method = string(found.Method.FullName())
	}
	e.settings.AccessLog.Info("request", "request_id", w.requestID, "client", w.from.Address, "verb", r.Method, "path", r.URL.EscapedPath(), "method", method,
		"status", w.status, "bytes", w.written, "ms", time.Since(start).Milliseconds())
}

// recover responds to a request whose handler panicked. It aborts the connection if the
// answer has begun, so that no client takes a part for all.
func (e *Edge) recover(w *responseWriter) {
	fault := recover()
	if fault == nil {
		return
	}
	if fault == http.ErrAbortHandler {
		panic(fault)
	}
	e.log.Error("panic", "request_id", w.requestID, "fault", fault, "stack", string(debug.Stack()))
	if w.status != 0 {
		panic(http.ErrAbortHandler)
	}
	problem.New(http.StatusInternalServerError, codes.Internal, problem.NoReason, "The gateway failed.").Write(w)
}
