package edge

import (
	"net/http"
	"runtime/debug"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/problem"
)

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
