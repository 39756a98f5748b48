package header

import (
	"net"
	"net/http"
	"strings"
)

// passed are the headers that the server receives as metadata of the same name
// in lower case. Metadata adds authorization, x-forwarded-for and
// x-forwarded-host; no other header is passed.
var passed = []struct {
	name, metadata string
	// onlyWrites is set for headers that the gateway itself evaluates for reads.
	onlyWrites bool
}{
	{"If-Match", "if-match", true},
	{"If-None-Match", "if-none-match", true},
	{"Idempotency-Key", "idempotency-key", false},
}

// Metadata returns the metadata that the server receives of the headers of a
// request: keys and values in turn. Several lines of one header are joined with
// commas (RFC 9110, 5.3).
func Metadata(r *http.Request) []string {
	pairs := make([]string, 0, 2*8)
	for _, value := range r.Header["Authorization"] {
		if isPrintable(value) {
			pairs = append(pairs, "authorization", value)
		}
	}
	if host := r.Header.Get("X-Forwarded-Host"); host != "" && isPrintable(host) {
		pairs = append(pairs, "x-forwarded-host", host)
	} else if r.Host != "" && isPrintable(r.Host) {
		pairs = append(pairs, "x-forwarded-host", r.Host)
	}
	if addresses := forwardedFor(r); addresses != "" {
		pairs = append(pairs, "x-forwarded-for", addresses)
	}
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	for i := range passed {
		p := &passed[i]
		if values := r.Header[p.name]; len(values) > 0 && !(p.onlyWrites && read) {
			pairs = append(pairs, p.metadata, strings.Join(values, ", "))
		}
	}
	return pairs
}

// forwardedFor returns the addresses that the request came through; the last one
// is the client of this gateway.
func forwardedFor(r *http.Request) string {
	var addresses []string
	for _, value := range r.Header["X-Forwarded-For"] {
		if isPrintable(value) {
			addresses = append(addresses, value)
		}
	}
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	known := err == nil && isPrintable(address)
	if known && len(addresses) == 0 {
		return address
	}
	if known {
		addresses = append(addresses, address)
	}
	return strings.Join(addresses, ", ")
}

// isPrintable reports whether gRPC's metadata can carry the value.
func isPrintable(value string) bool {
	for i := range len(value) {
		if value[i] < ' ' || value[i] > '~' {
			return false
		}
	}
	return true
}
