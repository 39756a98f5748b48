package http1

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"dataservice/gateway/limits"
)

// Values of conn.began while no request is at work: idle waits for a request, and woken
// is a connection that Shutdown ends.
const (
	idle  = 0
	woken = -1
)

// conn is one connection. Its goroutine uses it, except for the fields that say
// otherwise.
type conn struct {
	server *Server
	socket net.Conn
	reader *bufio.Reader
	// reserved is the number of bytes that Reserve has granted for a large head; 0 while
	// the reader has the usual buffer.
	reserved int
	ctx      context.Context
	cancel   context.CancelFunc // any goroutine calls it
	remote   string
	// began is when the request at work began, in nanoseconds since 1970, or idle, or
	// woken. Any goroutine reads it; Shutdown changes idle to woken.
	began atomic.Int64
	// readArmed and writeArmed are when waitForRequest and read set the deadlines, and
	// readFor is the time that the client had then. writeArmed is zero after the handler
	// has set the deadline.
	readArmed, writeArmed time.Time
	readFor               time.Duration
	// readChanged reports that the read deadline is no longer that of readArmed. Any
	// goroutine of a handler sets it.
	readChanged atomic.Bool
	response    response
	// handedOver reports that Server.HTTP2 has the connection.
	handedOver bool
}

var readers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, limits.ReaderBytes) }}

func newConn(s *Server, socket net.Conn, ctx context.Context, cancel context.CancelFunc) *conn {
	c := &conn{server: s, socket: socket, ctx: ctx, cancel: cancel, remote: socket.RemoteAddr().String()}
	c.reader = readers.Get().(*bufio.Reader)
	c.reader.Reset(socket)
	c.response.conn = c
	c.response.header = http.Header{}
	return c
}

// serve serves requests until the connection ends.
func (c *conn) serve() {
	defer c.end()
	wait, isFirst := c.server.HeadTimeout, true
	for c.waitForRequest(wait) {
		if isFirst && c.handOver() {
			return
		}
		r, status, err := c.read()
		if err != nil {
			return
		}
		if status != 0 {
			c.refuse(status)
			return
		}
		if !c.answer(r) {
			return
		}
		wait, isFirst = c.server.IdleTimeout, false
	}
}

// end closes the connection. The panic of a handler ends here, too: it must not end the
// requests of other clients.
func (c *conn) end() {
	if fault := recover(); fault != nil && fault != http.ErrAbortHandler {
		c.server.Log.Error("panic", "fault", fault, "stack", string(debug.Stack()))
	}
	if c.handedOver {
		return // with its reader
	}
	c.socket.Close()
	c.response.closeBody()
	if c.reserved > 0 {
		c.shrinkReader()
	}
	c.reader.Reset(nil)
	readers.Put(c.reader)
}

// waitForRequest waits for the first byte of a request. It returns false if none comes.
func (c *conn) waitForRequest(longest time.Duration) bool {
	if c.reserved > 0 && c.reader.Buffered() == 0 {
		c.shrinkReader()
	}
	before := c.began.Load()
	if c.reader.Buffered() == 0 {
		before = idle
		c.began.Store(idle)
		if c.server.draining.Load() {
			return false
		}
		c.armRead(longest)
		if _, err := c.reader.Peek(1); err != nil {
			return false
		}
	}
	// It fails after Shutdown has ended the connection, whose deadline has passed then.
	return c.began.CompareAndSwap(before, time.Now().UnixNano())
}

// armRead sets the read deadline, unless it was set a moment ago.
func (c *conn) armRead(longest time.Duration) {
	now := time.Now()
	age := now.Sub(c.readArmed)
	if !c.readChanged.Load() && longest == c.readFor && age < limits.DeadlineInterval && age < longest/10 {
		return
	}
	c.setRead(now.Add(longest))
	c.readArmed, c.readFor = now, longest
	c.readChanged.Store(false)
}

func (c *conn) setRead(deadline time.Time) {
	c.readChanged.Store(true)
	_ = c.socket.SetReadDeadline(deadline)
}

// read reads the head of a request. A request that is rejected has a status; an error
// is one of the connection.
func (c *conn) read() (*http.Request, int, error) {
	begun := time.Now()
	if status, err := c.waitForHead(begun); status != 0 || err != nil {
		return nil, status, err
	}
	h := c.inspect()
	if h.hasUnknownEncoding {
		return nil, http.StatusNotImplemented, nil
	}
	r, err := http.ReadRequest(c.reader)
	if err != nil {
		return nil, http.StatusBadRequest, nil //nolint:nilerr // the status reports it
	}
	if status := h.check(r); status != 0 {
		return nil, status, nil
	}
	expectation := r.Header.Get("Expect")
	if expectation != "" && !strings.EqualFold(expectation, "100-continue") {
		return nil, http.StatusExpectationFailed, nil
	}
	r.RemoteAddr = c.remote
	if secure, ok := c.socket.(*tls.Conn); ok {
		state := secure.ConnectionState()
		r.TLS = &state
	}
	// A request with two lengths may be an attempt to smuggle another one through a
	// proxy that evaluates the other length (RFC 9112, 6.1).
	smuggles := h.hasLength && len(r.TransferEncoding) > 0
	c.response.reset(r, smuggles)
	if r.Body != nil && r.Body != http.NoBody {
		c.setRead(begun.Add(c.server.ReadTimeout))
		c.response.takeBody(r, expectation != "" && r.ProtoAtLeast(1, 1))
	}
	c.armWrite(begun)
	return r.WithContext(c.ctx), 0, nil
}

// tooLarge returns the status for a head that is too large.
func (c *conn) tooLarge() int {
	text, _ := c.reader.Peek(min(c.server.LineBytes, c.reader.Buffered()))
	if bytes.IndexByte(text, '\n') >= 0 {
		return http.StatusRequestHeaderFieldsTooLarge
	}
	return http.StatusRequestURITooLong
}

func (c *conn) armWrite(begun time.Time) {
	if age := begun.Sub(c.writeArmed); age >= limits.DeadlineInterval || age >= c.server.WriteTimeout/10 {
		_ = c.socket.SetWriteDeadline(begun.Add(c.server.WriteTimeout))
		c.writeArmed = begun
	}
}

// refuse rejects a request and ends the connection.
func (c *conn) refuse(status int) {
	_ = c.socket.SetWriteDeadline(time.Now().Add(c.server.WriteTimeout))
	if _, err := c.socket.Write(c.server.Refusal(status)); err == nil {
		c.linger()
	}
}

// answer calls the handler, and reports whether the connection can serve another
// request.
func (c *conn) answer(r *http.Request) bool {
	c.server.Handler.ServeHTTP(&c.response, r)
	err := c.response.finish()
	c.response.release()
	if err != nil {
		return false
	}
	c.response.closeBody()
	if !c.response.closes {
		return true
	}
	if !c.response.bodyIsRead() || c.reader.Buffered() > 0 {
		c.linger()
	}
	return false
}

// linger reads what the client still sends: otherwise the connection would be reset,
// and the client might lose the answer.
func (c *conn) linger() {
	if half, ok := c.socket.(interface{ CloseWrite() error }); ok && half.CloseWrite() == nil {
		c.setRead(time.Now().Add(limits.LingerTime))
		_, _ = io.CopyN(io.Discard, c.socket, limits.LingerBytes)
	}
}
