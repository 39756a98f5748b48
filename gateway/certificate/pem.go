package certificate

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
)

// System is the name of the operating system's certificate authorities.
const System = "system"

// Pair is a certificate with its chain and its private key.
type Pair = Files[*tls.Certificate]

// Authorities are the certificate authorities that are trusted. A nil pool is that of
// the operating system, which crypto/tls loads.
type Authorities = Files[*x509.CertPool]

// LoadPair loads a certificate and its private key, both PEM. The certificate's file
// has the certificates of intermediate authorities after it.
func LoadPair(certificate, key string) (*Pair, error) {
	pair, err := load(func(contents [][]byte) (*tls.Certificate, error) {
		pair, err := tls.X509KeyPair(contents[0], contents[1])
		return &pair, err
	}, certificate, key)
	if err != nil {
		return nil, fmt.Errorf("certificate %s with key %s: %w", certificate, key, err)
	}
	return pair, nil
}

// LoadAuthorities loads the certificates of a PEM file; System names no file.
func LoadAuthorities(file string) (*Authorities, error) {
	if file == System {
		return load(func([][]byte) (*x509.CertPool, error) { return nil, nil })
	}
	authorities, err := load(func(contents [][]byte) (*x509.CertPool, error) {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(contents[0]) {
			return nil, errors.New("the file has no certificate in PEM")
		}
		return pool, nil
	}, file)
	if err != nil {
		return nil, fmt.Errorf("certificate authorities %s: %w", file, err)
	}
	return authorities, nil
}
