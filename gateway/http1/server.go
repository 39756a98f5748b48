// Package http1 serves HTTP/1.1 and HTTP/1.0 to an http.Handler, as http.Server does,
// at less than half of its cost for a short request.
//
// Requests are parsed by net/http (http.ReadRequest). What differs from http.Server is
// the work around a request: no goroutine that watches the connection during each
// request, no context for each request, a deadline that is set again only once a
// second, and an answer that leaves in one write. HTTP/2 is not served: a connection that
// begins with its preface goes to Server.HTTP2.
package http1

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dataservice/gateway/limits"
)

// Server serves connections. Its fields are set before Serve and not changed after it.
// All methods are safe for concurrent use.
type Server struct {
	Handler http.Handler
	// Refusal returns the entire response, with "Connection: close", to a request that
	// the server rejects before it calls the handler.
	Refusal func(status int) []byte
	// HeadBytes is the largest request line with its header fields. A larger one is
	// answered with 431, or with 414 if the request line alone is larger than LineBytes.
	HeadBytes, LineBytes int
	// HeadTimeout is the longest time in which a client may send the header fields
	// after their first byte, and the first byte after it has connected.
	HeadTimeout time.Duration
	// ReadTimeout is the longest time in which a client may send a request with its body.
	ReadTimeout time.Duration
	// WriteTimeout is the longest time from the header fields to the end of the answer.
	WriteTimeout time.Duration
	// IdleTimeout is how long a connection without a request is kept.
	IdleTimeout time.Duration
	// Reserve takes memory for the head of a request that is larger than usual, and
	// reports whether it was free; otherwise the request is answered with 503. Release
	// returns it. Both are nil if that memory is not limited.
	Reserve func(peer net.Addr, bytes int) bool
	Release func(peer net.Addr, bytes int)
	// HTTP2 receives each connection whose client begins with the preface of HTTP/2
	// (RFC 9113, 3.4), with the preface still to be read, and closes it. If it is nil, such a
	// connection is refused.
	HTTP2 func(net.Conn)
	// Log receives the panics of handlers.
	Log *slog.Logger

	mutex     sync.Mutex
	listeners map[net.Listener]struct{}
	conns     map[*conn]struct{}
	watching  bool
	draining  atomic.Bool
	closed    bool
}

// Serve accepts connections until the listener is closed, and returns the error of
// Accept; http.ErrServerClosed after Shutdown or Close.
func (s *Server) Serve(l net.Listener) error {
	if !s.addListener(l) {
		l.Close()
		return http.ErrServerClosed
	}
	defer s.removeListener(l)
	pause := time.Duration(0)
	for {
		accepted, err := l.Accept()
		if err == nil {
			pause = 0
			go s.ServeConn(accepted)
			continue
		}
		if s.draining.Load() {
			return http.ErrServerClosed
		}
		if errors.Is(err, net.ErrClosed) {
			return err
		}
		// Such as EMFILE or ENOBUFS: connections that end make room.
		pause = min(max(2*pause, limits.FirstAcceptPause), limits.LongestAcceptPause)
		time.Sleep(pause)
	}
}

// ServeConn serves one connection until it ends, and closes it.
func (s *Server) ServeConn(socket net.Conn) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	c := newConn(s, socket, ctx, cancel)
	if !s.addConn(c) {
		socket.Close()
		return
	}
	defer s.removeConn(c)
	c.serve()
}

// Shutdown closes the listeners and the connections without a request, waits until
// all requests have been answered, and returns nil; the error of ctx if it ends before.
func (s *Server) Shutdown(ctx context.Context) error {
	s.closeListeners()
	tick := time.NewTicker(limits.ShutdownPoll)
	defer tick.Stop()
	for {
		if s.wakeIdle() == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// Close closes the listeners and all connections at once.
func (s *Server) Close() {
	s.closeListeners()
	for _, c := range s.refuseConns() {
		c.cancel()
		closeAtOnce(c.socket)
	}
}

// refuseConns makes the server accept no connection any more, and returns those that
// exist.
func (s *Server) refuseConns() []*conn {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.closed = true
	return slices.Collect(maps.Keys(s.conns))
}

// closeAtOnce closes a connection. One of TLS is closed without a message about that,
// which would wait, for up to five seconds, until the client receives what was sent before.
func closeAtOnce(socket net.Conn) {
	if secure, ok := socket.(*tls.Conn); ok {
		socket = secure.NetConn()
	}
	socket.Close()
}

// closeListeners makes Serve return, and connections end after their request.
func (s *Server) closeListeners() {
	s.draining.Store(true)
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for l := range s.listeners {
		l.Close()
	}
}

// wakeIdle ends the connections that wait for a request, and returns how many
// connections exist.
func (s *Server) wakeIdle() int {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for c := range s.conns {
		if c.began.CompareAndSwap(idle, woken) || c.began.Load() == woken {
			_ = c.socket.SetReadDeadline(time.Unix(1, 0))
		}
	}
	return len(s.conns)
}

func (s *Server) addListener(l net.Listener) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.draining.Load() {
		return false
	}
	if s.listeners == nil {
		s.listeners = map[net.Listener]struct{}{}
	}
	s.listeners[l] = struct{}{}
	return true
}

func (s *Server) removeListener(l net.Listener) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.listeners, l)
}

func (s *Server) addConn(c *conn) bool {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.closed {
		return false
	}
	if s.conns == nil {
		s.conns = map[*conn]struct{}{}
	}
	s.conns[c] = struct{}{}
	if !s.watching {
		s.watching = true
		go s.watch()
	}
	return true
}

func (s *Server) removeConn(c *conn) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.conns, c)
}
