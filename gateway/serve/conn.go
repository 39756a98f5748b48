package serve

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"

	"dataservice/gateway/problem"
)

// listener accepts connections whose responses from net/http itself are replaced
// (conn).
type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	accepted, err := l.Listener.Accept()
	if tcp, ok := accepted.(*net.TCPConn); ok {
		return &conn{stream: tcp}, err
	}
	return accepted, err
}

// stream is a connection of TCP or TLS.
type stream interface {
	net.Conn
	// CloseWrite ends the sending, so that the client reads all before the connection
	// closes.
	CloseWrite() error
}

// conn is a connection of a listener. net/http rejects some requests before it
// calls a handler, such as one with a malformed header, and has no hook for that.
// conn knows whether a handler has been called for the current request. If none
// has, an error response is one of net/http: conn replaces it with the problem
// of the same status. net/http closes the connection after it.
type conn struct {
	stream
	secure  bool // whether it is one of TLS
	lengths lengthWatch
	// handled reports whether a handler was called for the current request.
	handled atomic.Bool
	// refused reports whether a response was replaced: what follows is its rest.
	refused bool
}

// setState is the hook of http.Server that follows the requests of a connection.
func setState(c net.Conn, state http.ConnState) {
	if c, ok := c.(*conn); ok && state == http.StateIdle {
		c.handled.Store(false) // the response was sent
	}
}

func (c *conn) Read(text []byte) (int, error) {
	n, err := c.stream.Read(text)
	c.lengths.read(text[:n])
	return n, err
}

func (c *conn) Write(text []byte) (int, error) {
	c.lengths.answered.Store(true)
	if c.handled.Load() {
		return c.stream.Write(text)
	}
	if !c.refused {
		status, ok := statusOf(text)
		if !ok || status < http.StatusBadRequest {
			return c.stream.Write(text) // such as the response to OPTIONS *
		}
		if _, err := c.stream.Write(problem.Refusal(status).Response(answerHeader(c.secure))); err != nil {
			return 0, err
		}
		c.refused = true
	}
	return len(text), nil
}

// statusOf returns the status of a response, from its status line.
func statusOf(response []byte) (int, bool) {
	line, _, _ := bytes.Cut(response, []byte("\r\n"))
	version, rest, _ := bytes.Cut(line, []byte(" "))
	if !bytes.HasPrefix(version, []byte("HTTP/")) {
		return 0, false
	}
	code, _, _ := bytes.Cut(rest, []byte(" "))
	status, err := strconv.Atoi(string(code))
	return status, err == nil
}

type connKey struct{}

// withConn makes the connection available to the handler of a request.
func withConn(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, c)
}

// watch marks a request as handled, and closes the connection of a request with
// two lengths after its response.
func watch(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, ok := r.Context().Value(connKey{}).(*conn); ok {
			c.handled.Store(true)
			if len(r.TransferEncoding) > 0 && c.lengths.given.Load() {
				w.Header().Set("Connection", "close")
			}
		}
		next.ServeHTTP(w, r)
	})
}
