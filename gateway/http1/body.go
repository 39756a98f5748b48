package http1

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// body is the body of a request. Several goroutines may use it.
type body struct {
	conn *conn
	// mutex is held while the body is read.
	mutex  sync.Mutex
	source io.ReadCloser
	// awaits reports that the client waits for 100 (Continue) before it sends.
	awaits bool
	isRead bool
	closed bool
}

// takeBody makes the body of a request ours.
func (w *response) takeBody(r *http.Request, awaits bool) {
	w.body = &body{conn: w.conn, source: r.Body, awaits: awaits && r.ContentLength != 0}
	r.Body = w.body
}

// bodyIsRead reports whether the request has no body, or its end was read.
func (w *response) bodyIsRead() bool {
	if w.body == nil {
		return true
	}
	w.body.mutex.Lock()
	defer w.body.mutex.Unlock()
	return w.body.isRead
}

// Read reads a part of the body.
func (b *body) Read(text []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	if b.awaits {
		b.awaits = false
		if _, err := io.WriteString(b.conn.socket, "HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
			return 0, err
		}
	}
	n, err := b.source.Read(text)
	if errors.Is(err, io.EOF) {
		b.isRead = true
	}
	return n, err
}

// Close makes Read fail.
func (b *body) Close() error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.closed = true
	return nil
}

// discard reads the rest of the body, and reports whether it has an end that is
// near. A client that waits for 100 (Continue) may never send it.
func (b *body) discard() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.awaits {
		return false
	}
	_, err := io.CopyN(io.Discard, b.source, discardBytes+1)
	b.isRead = errors.Is(err, io.EOF)
	return b.isRead
}
