package serve

import (
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"dataservice/gateway/edge"
	"dataservice/gateway/header"
)

// Values of --forwarded_header.
const (
	forwardedX        = "x-forwarded-for"
	forwardedStandard = "forwarded"
)

// addSecurityFlags adds the flags of TLS, of proxies and of CORS.
func addSecurityFlags(flags *flag.FlagSet, s *settings) {
	flags.StringVar(&s.tlsCertificate, "tls_certificate", "",
		"PEM `file` of the certificate for HTTPS, with its chain; read again when it changes")
	flags.StringVar(&s.tlsKey, "tls_key", "", "PEM `file` of the certificate's private key; read again when it changes")
	flags.BoolVar(&s.allowCleartext, "allow_cleartext", false,
		"serve HTTP without TLS on an address that other machines can reach")
	flags.StringVar(&s.grpcCA, "grpc_tls_ca", "",
		"call the gRPC server with TLS; PEM `file` of the authorities that sign its certificate, or system; read again when it changes")
	flags.StringVar(&s.grpcCertificate, "grpc_tls_certificate", "",
		"PEM `file` of the certificate that the gateway shows to the gRPC server; read again when it changes")
	flags.StringVar(&s.grpcKey, "grpc_tls_key", "", "PEM `file` of that certificate's private key; read again when it changes")
	flags.StringVar(&s.grpcServerName, "grpc_tls_server_name", "",
		"`name` in the gRPC server's certificate, if it is not the host of --grpc_target")
	flags.BoolVar(&s.requireAuthorization, "require_authorization", false,
		"reject requests without Authorization with 401, and declare that in /openapi.json")
	flags.Var(&s.trustedProxies, "trusted_proxy",
		"`networks` (CIDR, separated by commas) of the proxies whose forwarding headers are believed; can be repeated")
	flags.StringVar(&s.forwardedHeader, "forwarded_header", forwardedX,
		"what the trusted proxies set: "+forwardedX+" (with -host and -proto) or "+forwardedStandard+" (RFC 7239)")
	flags.Var(&s.corsOrigins, "cors_origin",
		"`origins` (such as https://app.example.com, separated by commas) whose pages may read answers; * is any; can be repeated")
	flags.BoolVar(&s.corsCredentials, "cors_credentials", false, "let browsers send cookies and client certificates for pages of --cors_origin")
	flags.DurationVar(&s.corsMaxAge, "cors_max_age", 10*time.Minute, "how long a browser may remember the answer to a preflight request")
}

// proxies returns the proxies in front of the gateway.
func (s *settings) proxies() header.Proxies {
	return header.Proxies{Networks: s.trustedProxies, Standard: s.forwardedHeader == forwardedStandard}
}

// checkSecurity returns what is wrong with these flags.
func (s *settings) checkSecurity() error {
	switch {
	case (s.tlsCertificate == "") != (s.tlsKey == ""):
		return errors.New("--tls_certificate and --tls_key must be given together")
	case (s.grpcCertificate == "") != (s.grpcKey == ""):
		return errors.New("--grpc_tls_certificate and --grpc_tls_key must be given together")
	case s.grpcCA == "" && (s.grpcCertificate != "" || s.grpcServerName != ""):
		return errors.New("--grpc_tls_certificate and --grpc_tls_server_name require --grpc_tls_ca")
	case s.forwardedHeader != forwardedX && s.forwardedHeader != forwardedStandard:
		return fmt.Errorf("--forwarded_header must be %s or %s", forwardedX, forwardedStandard)
	case s.corsCredentials && slices.Contains(s.corsOrigins, edge.AnyOrigin):
		return errors.New("--cors_credentials cannot be used with --cors_origin=*: name the origins")
	case s.corsMaxAge < 0:
		return errors.New("--cors_max_age must not be negative")
	}
	return nil
}

// networks is the value of --trusted_proxy.
type networks []netip.Prefix

func (n *networks) String() string { return fmt.Sprint(*n) }

func (n *networks) Set(text string) error {
	for _, part := range parts(text) {
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			return fmt.Errorf("%q is no network such as 10.0.0.0/8", part)
		}
		*n = append(*n, prefix)
	}
	return nil
}

// origins is the value of --cors_origin.
type origins []string

func (o *origins) String() string { return strings.Join(*o, ",") }

// Set accepts origins as browsers send them (RFC 6454, 6.2): scheme and host in lower
// case, and no default port.
func (o *origins) Set(text string) error {
	for _, part := range parts(text) {
		u, err := url.Parse(part)
		if part != edge.AnyOrigin && (err != nil || u.Host == "" || part != strings.ToLower(u.Scheme+"://"+u.Host) ||
			u.Scheme+u.Port() == "http80" || u.Scheme+u.Port() == "https443") {
			return fmt.Errorf("%q is no origin such as https://app.example.com, in lower case, without path and default port", part)
		}
		*o = append(*o, part)
	}
	return nil
}

func parts(text string) []string {
	var list []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			list = append(list, part)
		}
	}
	return list
}
