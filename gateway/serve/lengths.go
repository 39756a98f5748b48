package serve

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"sync/atomic"
)

// lengthWatch notices a request with a Content-Length in what a connection
// reads. net/http deletes that field where Transfer-Encoding is given too, and
// keeps the connection, which may be an attempt to smuggle a request through a
// proxy that reads the other one: the connection must end after the answer (RFC
// 9112, 6.1).
//
// One goroutine reads; any may ask. It looks at lines, of bodies too, so it may see a field where none is. That
// costs no more than the connection of a chunked request.
type lengthWatch struct {
	// line is the beginning of a line that the last read has not ended.
	line  []byte
	given atomic.Bool
	// answered says that something was written since the last read: what comes
	// then belongs to another request.
	answered atomic.Bool
}

var lengthField = []byte("content-length")

// read looks at what was read.
func (w *lengthWatch) read(text []byte) {
	if w.answered.Swap(false) {
		w.given.Store(false)
	}
	for len(text) > 0 {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		if room := len(lengthField) - len(w.line); room > 0 {
			w.line = append(w.line, line[:min(len(line), room)]...)
		}
		if bytes.EqualFold(w.line, lengthField) {
			w.given.Store(true)
		}
		if ended {
			w.line = w.line[:0]
		}
		text = rest
	}
}

type connKey struct{}

// withConn lets a handler find the connection of its request.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// endingAmbiguous closes the connection of a request with two lengths after its
// answer.
func endingAmbiguous(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TransferEncoding) > 0 {
			if conn, ok := r.Context().Value(connKey{}).(*watchedConn); ok && conn.lengths.given.Load() {
				w.Header().Set("Connection", "close")
			}
		}
		next.ServeHTTP(w, r)
	})
}
