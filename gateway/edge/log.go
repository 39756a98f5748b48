package edge

import (
	"net/http"
	"runtime/debug"
	"time"

	"google.golang.org/grpc/codes"
)

// logAccess writes the line of a request. Values of the query are not logged.
func (e *Edge) logAccess(c *call, r *http.Request, start time.Time) {
	method := ""
	if c.binding != nil {
		method = string(c.binding.Method.FullName())
	}
	e.settings.AccessLog.Info("request", "verb", r.Method, "path", r.URL.EscapedPath(), "method", method,
		"status", c.writer.status, "bytes", c.writer.written, "ms", time.Since(start).Milliseconds())
}

// recover turns a panic, a fault of the program, into an answer.
func (e *Edge) recover(c *call) {
	fault := recover()
	if fault == nil {
		return
	}
	if fault == http.ErrAbortHandler {
		panic(fault)
	}
	e.log.Error("panic", "fault", fault, "stack", string(debug.Stack()))
	if c.writer.status == 0 {
		newProblem(http.StatusInternalServerError, codes.Internal, "", "The gateway failed.").write(&c.writer)
	}
}
