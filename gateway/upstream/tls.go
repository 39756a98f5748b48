package upstream

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	"google.golang.org/grpc/credentials"

	"dataservice/gateway/certificate"
)

// TLS are the credentials of connections to the server. Each connection is made with
// the files of that moment (package certificate). It is safe for concurrent use.
type TLS struct {
	// Authorities sign the certificate of the server.
	Authorities *certificate.Authorities
	// Pair authenticates the gateway to the server; nil if the server does not ask
	// for that.
	Pair *certificate.Pair
	// ServerName is the name in the certificate of the server; "" is the host of the
	// target.
	ServerName string
}

// now returns the credentials with the files of this moment.
func (t *TLS) now() credentials.TransportCredentials {
	config := &tls.Config{
		MinVersion: tls.VersionTLS12,
		RootCAs:    t.Authorities.Get(),
		ServerName: t.ServerName,
	}
	if t.Pair != nil {
		// Certificates would not be sent to a server whose list of authorities does not
		// name the issuer; the server decides that better.
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return t.Pair.Get(), nil
		}
	}
	return credentials.NewTLS(config)
}

// ClientHandshake implements credentials.TransportCredentials.
func (t *TLS) ClientHandshake(ctx context.Context, authority string, conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return t.now().ClientHandshake(ctx, authority, conn)
}

// ServerHandshake implements credentials.TransportCredentials; the gateway is a client.
func (t *TLS) ServerHandshake(net.Conn) (net.Conn, credentials.AuthInfo, error) {
	return nil, nil, errors.New("these are the credentials of a client")
}

// Info implements credentials.TransportCredentials.
func (t *TLS) Info() credentials.ProtocolInfo { return t.now().Info() }

// Clone implements credentials.TransportCredentials.
func (t *TLS) Clone() credentials.TransportCredentials {
	clone := *t
	return &clone
}

// OverrideServerName implements credentials.TransportCredentials.
func (t *TLS) OverrideServerName(name string) error {
	t.ServerName = name
	return nil
}
