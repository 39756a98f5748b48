package edge

import (
	"bytes"
	"context"
	"net/http"
	"sync"

	"google.golang.org/grpc/peer"
)

// call is one request on its way. It is the request's context too, so that
// every hook of grpc-gateway and of gRPC finds it. One goroutine uses it.
type call struct {
	context.Context
	// client is the request's own context: it has no deadline, and ends when
	// the client leaves.
	client context.Context
	// head says that the client wants no body.
	head   bool
	writer responseWriter
	header http.Header
	// binding is the route; nil until one is found.
	binding *binding
	// body is the request's JSON, whole; nil where the route has none.
	body   []byte
	buffer *bytes.Buffer
	// settings of request fields that the query asks for.
	settings []setting
	// selection is which fields are answered; nil without a read mask.
	selection *selection
	// sent says that the call went to the gRPC client: what fails before is
	// the request's fault.
	sent bool
	// note is added to the detail of an error of the server.
	note string
	// peer has an address once the call was put on a connection.
	peer peer.Peer
}

type callKey struct{}

// Value makes the call the value of its own context.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// callFrom is the call that a context belongs to; nil for one of no request.
func callFrom(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// release gives the body's buffer back. Decoded messages hold copies.
func (c *call) release() {
	if c.buffer != nil && c.buffer.Cap() <= maxKeptBuffer {
		c.buffer.Reset()
		buffers.Put(c.buffer)
	}
	c.buffer, c.body = nil, nil
}

// responseWriter lets the status be decided before, and the headers after,
// grpc-gateway calls Write for the first time.
type responseWriter struct {
	http.ResponseWriter
	// next is the status to send with the first byte; 0 is 200.
	next int
	// status is what was sent; 0 before.
	status  int
	written int64
}

func (w *responseWriter) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *responseWriter) Write(text []byte) (int, error) {
	if w.status == 0 {
		status := w.next
		if status == 0 {
			status = http.StatusOK
		}
		w.WriteHeader(status)
	}
	n, err := w.ResponseWriter.Write(text)
	w.written += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (w *responseWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
