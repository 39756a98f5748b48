package http1

import (
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"dataservice/gateway/limits"
)

// body is the body of a request. Several goroutines may use it.
type body struct {
	conn *conn
	// mutex is held while the body is read.
	mutex  sync.Mutex
	source io.ReadCloser
	// awaits reports that the client waits for 100 (Continue) before it sends, and
	// answered that it gets the answer instead.
	awaits, answered bool
	isRead           bool
	closed           bool
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
	if b.awaits && !b.answered {
		b.awaits = false
		// The handler may have removed the deadline, which the client could use to
		// never read this.
		_ = b.conn.socket.SetWriteDeadline(time.Now().Add(b.conn.server.WriteTimeout))
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

// closeBody ends the use of the reader of the connection by the handler: a goroutine of
// the handler that goes on must not read the next request as its body. It waits for a
// Read at work.
func (w *response) closeBody() {
	if w.body != nil {
		_ = w.body.Close()
	}
}

// Close makes Read fail.
func (b *body) Close() error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.closed = true
	return nil
}

// answerBegins reports that no 100 (Continue) may be sent from now on.
func (b *body) answerBegins() {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	b.answered = true
}

// discard reads the rest of the body, and reports whether it has an end that is
// near. A client that waits for 100 (Continue) may never send it. The handler may have
// removed the deadline, so discard sets one.
func (b *body) discard() bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if b.awaits {
		return false
	}
	setRead := func(deadline time.Time) error {
		b.conn.setRead(deadline)
		return nil
	}
	b.isRead = Discard(b.source, setRead, limits.UnreadBytes, min(limits.DiscardTime, b.conn.server.ReadTimeout))
	return b.isRead
}

// Discard reads at most most bytes of the rest of a body, for at most the longest time,
// which it sets as the deadline for reading. It reports whether the body had ended by then.
func Discard(body io.Reader, setReadDeadline func(time.Time) error, most int64, longest time.Duration) bool {
	if setReadDeadline(time.Now().Add(longest)) != nil {
		return false
	}
	_, err := io.CopyN(io.Discard, body, most+1)
	return errors.Is(err, io.EOF)
}
