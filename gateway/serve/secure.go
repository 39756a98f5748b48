package serve

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync"

	"dataservice/gateway/certificate"
	"dataservice/gateway/header"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
)

// http2 is the name of HTTP/2 in TLS (RFC 9113, 3.2).
const http2 = "h2"

// secureListener accepts connections of TLS with HTTP/1, after their handshake. All
// connections are *tls.Conn.
type secureListener struct {
	net.Listener
	config   *tls.Config
	accepted chan accepted
	// http2 has the connections with HTTP/2.
	http2  *http2Listener
	closed chan struct{}
	once   sync.Once
}

type accepted struct {
	conn net.Conn
	err  error
}

// http2Listener accepts those connections of a secureListener that have negotiated
// HTTP/2.
type http2Listener struct {
	*secureListener
	accepted chan accepted
}

// Accept returns the next connection.
func (l *http2Listener) Accept() (net.Conn, error) { return l.next(l.accepted) }

// Close does nothing: the secureListener is closed once, for both.
func (l *http2Listener) Close() error { return nil }

// newSecureListener returns a listener whose handshakes use the pair of their moment.
func newSecureListener(socket net.Listener, pair *certificate.Pair) *secureListener {
	l := &secureListener{
		Listener: socket,
		config: &tls.Config{
			MinVersion:     tls.VersionTLS12,
			NextProtos:     []string{http2, "http/1.1"},
			GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return pair.Get(), nil },
		},
		accepted: make(chan accepted),
		closed:   make(chan struct{}),
	}
	l.http2 = &http2Listener{l, make(chan accepted)}
	go l.run()
	return l
}

// run accepts connections until the listener is closed. A handshake does not delay
// those of other connections.
func (l *secureListener) run() {
	for {
		socket, err := l.Listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			l.deliver(l.accepted, nil, err)
			continue
		}
		go l.handshake(socket)
	}
}

func (l *secureListener) handshake(socket net.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), limits.HeaderTime)
	defer cancel()
	secure := tls.Server(socket, l.config)
	if err := secure.HandshakeContext(ctx); err != nil {
		if plain := (tls.RecordHeaderError{}); errors.As(err, &plain) && plain.Conn != nil {
			_, _ = plain.Conn.Write(cleartextRefusal())
		}
		socket.Close()
		return
	}
	if secure.ConnectionState().NegotiatedProtocol == http2 {
		l.deliver(l.http2.accepted, secure, nil)
		return
	}
	l.deliver(l.accepted, secure, nil)
}

func (l *secureListener) deliver(to chan accepted, c net.Conn, err error) {
	select {
	case to <- accepted{c, err}:
	case <-l.closed:
		if c != nil {
			c.Close()
		}
	}
}

// Accept returns the next connection with HTTP/1.
func (l *secureListener) Accept() (net.Conn, error) { return l.next(l.accepted) }

func (l *secureListener) next(from chan accepted) (net.Conn, error) {
	select {
	case a := <-from:
		return a.conn, a.err
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener, and the handshakes under way.
func (l *secureListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// cleartextRefusal returns the response to a client that sends no TLS.
func cleartextRefusal() []byte {
	p := problem.Refusal(http.StatusBadRequest)
	p.Detail = "This port serves HTTPS; the request is not encrypted."
	return p.Response(header.OfRefusal(false))
}
