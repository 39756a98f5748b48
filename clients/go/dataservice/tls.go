package dataservice

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

// TLS says how a connection is encrypted.
type TLS struct {
	// CA is a PEM file with the authorities that sign the service's certificate; empty
	// means those of the operating system.
	CA string
	// Certificate and Key are PEM files of the client's own certificate, for a service that
	// requires one (mTLS). They are read at each handshake, so that they can be replaced.
	Certificate, Key string
	// ServerName is the name in the service's certificate; empty means the host of the
	// address.
	ServerName string
}

// config returns the configuration. It fails if a file cannot be read.
func (t TLS) config() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: t.ServerName}
	if t.CA != "" {
		text, err := os.ReadFile(t.CA)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("%s has no certificate in PEM", t.CA)
		}
	}
	if (t.Certificate == "") != (t.Key == "") {
		return nil, fmt.Errorf("a client certificate needs both of its files, certificate and key")
	}
	if t.Certificate != "" {
		load := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(t.Certificate, t.Key)
			return &pair, err
		}
		if _, err := load(nil); err != nil {
			return nil, err
		}
		config.GetClientCertificate = load
	}
	return config, nil
}
