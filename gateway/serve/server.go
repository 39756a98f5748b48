package serve

import (
	"context"
	"errors"
	"io"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"

	"dataservice/gateway/admission"
	"dataservice/gateway/header"
	"dataservice/gateway/http1"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
)

// server serves the connections of a listener: HTTP/1 by package http1, HTTP/2 by net/http.
// In TLS clients negotiate HTTP/2; without TLS they begin with it (RFC 9113, 3.3).
type server struct {
	one *http1.Server
	two *http.Server
	// cleartext has the connections of HTTP/2 without TLS.
	cleartext *queue
}

func newServer(s *settings, handler http.Handler, admitted *admission.Control, log *slog.Logger) *server {
	proxies := s.proxies()
	// client returns what has the share of a peer: a proxy has none.
	client := func(peer net.Addr) admission.Client {
		if tcp, ok := peer.(*net.TCPAddr); ok && proxies.Trust(tcp.AddrPort().Addr()) {
			return admission.Client{}
		}
		return admission.Peer(peer)
	}
	writeTimeout := s.readTimeout + s.requestTimeout + limits.AnswerTime
	secure := s.secure()
	found := &server{
		one: &http1.Server{
			Handler:      handler,
			Refusal:      func(status int) []byte { return problem.Refusal(status).Response(header.OfRefusal(secure)) },
			HeadBytes:    limits.TargetBytes + limits.HeaderBytes,
			LineBytes:    limits.TargetBytes,
			HeadTimeout:  min(limits.HeaderTime, s.readTimeout),
			ReadTimeout:  s.readTimeout,
			WriteTimeout: writeTimeout,
			IdleTimeout:  s.idleTimeout,
			Reserve:      func(peer net.Addr, bytes int) bool { return admitted.Take(client(peer), int64(bytes)) },
			Release:      func(peer net.Addr, bytes int) { admitted.Give(client(peer), int64(bytes)) },
			Log:          log,
		},
		two: &http.Server{
			Handler: handler,
			// The edge answers OPTIONS *, with the headers of all answers.
			DisableGeneralOptionsHandler: true,
			ReadHeaderTimeout:            min(limits.HeaderTime, s.readTimeout),
			ReadTimeout:                  s.readTimeout,
			WriteTimeout:                 writeTimeout,
			IdleTimeout:                  s.idleTimeout,
			MaxHeaderBytes:               limits.HTTP2HeadBytes,
			HTTP2: &http.HTTP2Config{
				MaxConcurrentStreams: limits.HTTP2Streams,
				WriteByteTimeout:     limits.AnswerTime,
			},
			// The messages of net/http are about requests of misbehaving clients.
			ErrorLog: stdlog.New(io.Discard, "", 0),
		},
	}
	if !secure {
		found.two.Protocols = &http.Protocols{}
		found.two.Protocols.SetUnencryptedHTTP2(true)
		found.cleartext = newQueue()
		found.one.HTTP2 = found.cleartext.add
	}
	return found
}

// Serve serves the connections of a listener until it fails or is closed.
func (s *server) Serve(l net.Listener) error {
	if secure, ok := l.(*secureListener); ok {
		go s.two.Serve(secure.http2) //nolint:errcheck // ends when the listener is closed
	} else {
		s.cleartext.address = l.Addr()
		go s.two.Serve(s.cleartext) //nolint:errcheck // ends when the queue is closed
	}
	return s.one.Serve(l)
}

// Shutdown closes the listener, waits until all requests have been answered, and
// returns nil; the error of ctx if it ends before.
func (s *server) Shutdown(ctx context.Context) error {
	two := make(chan error, 1)
	go func() { two <- s.two.Shutdown(ctx) }()
	return errors.Join(s.one.Shutdown(ctx), <-two)
}

// Close ends all connections at once.
func (s *server) Close() {
	s.one.Close()
	s.two.Close()
}
