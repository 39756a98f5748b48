// Package stream carries out imports and exports: client streams and server
// streams of the data service, which are JSON lines for REST clients.
package stream

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"dataservice/gateway/contract"
	"dataservice/gateway/header"
	"dataservice/gateway/request"
	"dataservice/gateway/upstream"
)

// Server carries out streams. It is safe for concurrent use.
type Server struct {
	Conn *upstream.Conn
	// MaxLineBytes is the largest line of an import.
	MaxLineBytes int64
	// Idle is the longest time in which the client of an import may send nothing,
	// and the client of an export may receive nothing.
	Idle time.Duration
	// Compress reports whether exports are compressed for clients that accept it.
	Compress bool
	// CacheControl is the value of Cache-Control of exports; nil for none.
	CacheControl []string
	Log          *slog.Logger
}

// Memory is the memory that a stream may hold (admission.Request).
type Memory interface {
	request.Memory
	// Used returns the bytes that are needed, and DropTo makes them as many as at an
	// earlier moment.
	Used() int64
	DropTo(used int64)
}

// exchange is one import or export.
type exchange struct {
	*Server
	held    Memory
	route   *contract.Route
	request *request.Request
	writer  http.ResponseWriter
	http    *http.Request
	control *http.ResponseController
	call    *upstream.Call
	stream  *upstream.Stream // nil if it could not be opened
}

// open opens the stream to the data service. The stream ends with cancel and with
// Grpc-Timeout, but it has no timeout of the gateway, and the deadlines of the
// HTTP server no longer apply. An export also ends when its client closes the
// connection. An import does not: reading its body fails then, and the rows that
// were sent before are stored and counted.
func (s *Server) open(w http.ResponseWriter, r *http.Request, route *contract.Route, q *request.Request, held Memory) (*exchange, context.CancelFunc, error) {
	x := &exchange{Server: s, held: held, route: route, request: q, writer: w, http: r, control: http.NewResponseController(w)}
	_ = x.control.SetReadDeadline(time.Time{})
	_ = x.control.SetWriteDeadline(time.Time{})
	ctx := r.Context()
	if route.Method.IsStreamingClient() {
		ctx = context.WithoutCancel(ctx) // net/http cancels it when a read fails
	}
	var cancel context.CancelFunc
	if timeout := header.Timeout(r.Header); timeout > 0 {
		ctx, cancel = context.WithTimeout(ctx, timeout)
	} else {
		ctx, cancel = context.WithCancel(ctx)
	}
	x.call = upstream.NewCall(ctx, append(q.Metadata, route.Form...), route)
	var err error
	x.stream, err = x.call.Open(s.Conn)
	return x, cancel, err
}

// fail responds to a stream that failed before anything of the response was
// written.
func (x *exchange) fail(err error) {
	if x.stream != nil {
		x.stream.End()
	}
	x.limitAnswer()
	x.call.Problem(err, x.Log).Write(x.writer)
}

// limitAnswer sets the time in which the client must receive what is written next: a
// client that does not read would hold the connection without end.
func (x *exchange) limitAnswer() { _ = x.control.SetWriteDeadline(time.Now().Add(x.Idle)) }
