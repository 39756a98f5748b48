package edge

import (
	"context"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/grpc/metadata"
)

// passed are the headers that the server gets as metadata of the same name,
// in lower case. grpc-gateway adds authorization, x-forwarded-for and
// x-forwarded-host by itself; nothing else is passed.
var passed = []passedHeader{
	{"If-Match", "if-match", true},
	{"If-None-Match", "if-none-match", true},
	{"Idempotency-Key", "idempotency-key", false},
}

// single are headers that have one value, not a list. Of two lines the second
// would be ignored.
var single = []string{"Authorization", "Content-Encoding", "Content-Type", "Grpc-Timeout", "Idempotency-Key"}

// conditions are headers that must not be empty: nothing is no condition, and
// a client that sent it did not mean an unconditional request.
var conditions = []string{"If-Match", "If-None-Match"}

type passedHeader struct {
	header, metadata string
	// onlyWrites marks those that the edge itself answers for reads.
	onlyWrites bool
}

// values are those that a request passes, none if it does not.
func (p *passedHeader) values(r *http.Request) []string {
	if p.onlyWrites && r.Method == http.MethodGet {
		return nil
	}
	return r.Header[p.header]
}

// requestMetadata are the passed headers of a request, several lines of one
// joined with commas (RFC 9110, 5.3).
func requestMetadata(_ context.Context, r *http.Request) metadata.MD {
	var md metadata.MD
	for _, p := range passed {
		values := p.values(r)
		if len(values) == 0 {
			continue
		}
		if md == nil {
			md = metadata.MD{}
		}
		md.Set(p.metadata, strings.Join(values, ", "))
	}
	return md
}

// withMetadata is the call's context with what the server gets of the headers,
// which is what grpc-gateway sends.
func (e *Edge) withMetadata(c *call, r *http.Request) (context.Context, error) {
	if len(r.Header["Grpc-Timeout"]) > 0 {
		return runtime.AnnotateContext(c, e.mux, r, c.binding.call)
	}
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
	if client := forwardedFor(r); client != "" {
		pairs = append(pairs, "x-forwarded-for", client)
	}
	for _, p := range passed {
		if values := p.values(r); len(values) > 0 {
			pairs = append(pairs, p.metadata, strings.Join(values, ", "))
		}
	}
	return metadata.AppendToOutgoingContext(c, pairs...), nil
}

// forwardedFor is through whom the request came, its client last.
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

// headerViolations finds headers that gRPC cannot carry or understand.
func headerViolations(header http.Header) []Violation {
	var violations []Violation
	for _, name := range single {
		if len(header[name]) > 1 {
			violations = append(violations, Violation{name, "is given more than once"})
		}
	}
	for _, name := range conditions {
		if values := header[name]; len(values) > 0 && strings.Trim(strings.Join(values, ""), " \t,") == "" {
			violations = append(violations, Violation{name, "must be * or entity tags in double quotes"})
		}
	}
	for _, p := range passed {
		for _, value := range header[p.header] {
			if !isPrintable(value) {
				violations = append(violations, Violation{p.header, "may hold printable ASCII characters only"})
				break
			}
		}
	}
	if timeout := header.Get("Grpc-Timeout"); timeout != "" && !isTimeout(timeout) {
		violations = append(violations, Violation{"Grpc-Timeout", "must be a whole number of at most 8 digits and a unit, such as 5S or 100m"})
	}
	return violations
}

// isPrintable tells whether a value is one that gRPC's metadata can carry.
func isPrintable(value string) bool {
	for i := range len(value) {
		if value[i] < ' ' || value[i] > '~' {
			return false
		}
	}
	return true
}

// isTimeout tells whether a text is a timeout as gRPC writes it.
func isTimeout(text string) bool {
	const maxDigits = 8
	number, unit := text[:len(text)-1], text[len(text)-1]
	_, err := strconv.ParseUint(number, 10, 64)
	return err == nil && len(number) <= maxDigits && strings.IndexByte("HMSmun", unit) >= 0
}

// isUnlimited tells whether a timeout is longer than a time.Duration can be.
func isUnlimited(timeout string) bool {
	number, isHours := strings.CutSuffix(timeout, "H")
	hours, err := strconv.ParseInt(number, 10, 64)
	return isHours && err == nil && hours > int64(math.MaxInt64/time.Hour)
}

// passNone is grpc-gateway's header matcher: which headers to pass is said
// above.
func passNone(string) (string, bool) { return "", false }
