package serve

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"google.golang.org/grpc/credentials"

	"dataservice/gateway/certificate"
	"dataservice/gateway/header"
	"dataservice/gateway/problem"
	"dataservice/gateway/upstream"
)

// listen returns the listener for clients: HTTPS if a certificate is set, otherwise HTTP.
// It also returns the listener that counts the connections.
// It rejects HTTP that other machines can reach, unless --allow_cleartext permits it.
func listen(stop context.Context, s *settings, log *slog.Logger) (net.Listener, *limitedListener, error) {
	var pair *certificate.Pair
	if s.secure() {
		var err error
		if pair, err = certificate.LoadPair(s.tlsCertificate, s.tlsKey); err != nil {
			return nil, nil, fmt.Errorf("--tls_certificate and --tls_key: %w", err)
		}
	}
	socket, err := listenTCP(s.httpAddress)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot listen on --http_address %s: %w", s.httpAddress, err)
	}
	limited := newLimitedListener(socket, s, log)
	if pair != nil {
		go pair.Watch(stop, log)
		return newSecureListener(limited, pair), limited, nil
	}
	limited.refusal = func() []byte { return problem.Overloaded().Response(header.OfRefusal(false)) }
	if address, ok := socket.Addr().(*net.TCPAddr); ok && !address.IP.IsLoopback() {
		if !s.allowCleartext {
			socket.Close()
			return nil, nil, fmt.Errorf("--http_address %s can be reached from other machines: set --tls_certificate and --tls_key, "+
				"or --allow_cleartext if the network protects the connections", s.httpAddress)
		}
		log.Warn("cleartext", "advice", "other machines connect without TLS, as --allow_cleartext permits",
			"http_address", socket.Addr().String())
	}
	return limited, limited, nil
}

// connect returns the connection to the server.
func connect(stop context.Context, s *settings, log *slog.Logger) (*upstream.Conn, error) {
	var transport credentials.TransportCredentials // nil, not a nil *upstream.TLS
	if s.grpcCA != "" {
		secure, err := serverTLS(stop, s, log)
		if err != nil {
			return nil, err
		}
		transport = secure
	} else if !isLocal(s.grpcTarget) {
		log.Warn("cleartext_to_server", "advice", "set --grpc_tls_ca",
			"grpc_target", s.grpcTarget)
	}
	conn, err := upstream.Connect(s.grpcTarget, transport, log)
	if err != nil {
		return nil, fmt.Errorf("--grpc_target %s: %w", s.grpcTarget, err)
	}
	return conn, nil
}

// serverTLS loads the files of --grpc_tls_ca, --grpc_tls_certificate and --grpc_tls_key.
func serverTLS(stop context.Context, s *settings, log *slog.Logger) (*upstream.TLS, error) {
	authorities, err := certificate.LoadAuthorities(s.grpcCA)
	if err != nil {
		return nil, fmt.Errorf("--grpc_tls_ca: %w", err)
	}
	go authorities.Watch(stop, log)
	t := &upstream.TLS{Authorities: authorities, ServerName: s.grpcServerName}
	if s.grpcCertificate == "" {
		return t, nil
	}
	if t.Pair, err = certificate.LoadPair(s.grpcCertificate, s.grpcKey); err != nil {
		return nil, fmt.Errorf("--grpc_tls_certificate and --grpc_tls_key: %w", err)
	}
	go t.Pair.Watch(stop, log)
	return t, nil
}

// isLocal reports whether all servers of a target of gRPC are certainly on this machine.
func isLocal(target string) bool {
	for server := range strings.SplitSeq(target, ",") {
		if !isLocalServer(strings.TrimSpace(server)) {
			return false
		}
	}
	return true
}

func isLocalServer(target string) bool {
	if strings.HasPrefix(target, "unix:") {
		return true
	}
	host, _, err := net.SplitHostPort(target[strings.LastIndex(target, "/")+1:])
	if err != nil {
		return false
	}
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
