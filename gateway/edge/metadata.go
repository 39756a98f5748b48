package edge

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"google.golang.org/grpc/metadata"
)

// passed are the headers that the server gets as metadata of the same name,
// in lower case. grpc-gateway adds authorization, x-forwarded-for and
// x-forwarded-host by itself; nothing else is passed.
var passed = []struct {
	header, metadata string
	// onlyWrites marks those that the edge itself answers for reads.
	onlyWrites bool
	// single marks those that have one value, not a list.
	single bool
}{
	{"If-Match", "if-match", true, false},
	{"If-None-Match", "if-none-match", true, false},
	{"Idempotency-Key", "idempotency-key", false, true},
}

// requestMetadata are the passed headers of a request, several lines of one
// joined with commas (RFC 9110, 5.3).
func requestMetadata(_ context.Context, r *http.Request) metadata.MD {
	var md metadata.MD
	for _, p := range passed {
		values := r.Header[p.header]
		if len(values) == 0 || (p.onlyWrites && r.Method == http.MethodGet) {
			continue
		}
		if md == nil {
			md = metadata.MD{}
		}
		md.Set(p.metadata, strings.Join(values, ", "))
	}
	return md
}

// headerViolations finds headers that gRPC cannot carry or understand.
func headerViolations(header http.Header) []Violation {
	var violations []Violation
	for _, p := range passed {
		if p.single && len(header[p.header]) > 1 {
			violations = append(violations, Violation{p.header, "is given more than once"})
			continue
		}
		for _, value := range header[p.header] {
			if strings.IndexFunc(value, func(c rune) bool { return c < ' ' || c > '~' }) >= 0 {
				violations = append(violations, Violation{p.header, "may hold printable ASCII characters only"})
				break
			}
		}
	}
	if timeout := header.Get("Grpc-Timeout"); timeout != "" && !isTimeout(timeout) {
		violations = append(violations, Violation{"Grpc-Timeout", "must be a whole number and a unit, such as 5S or 100m"})
	}
	return violations
}

// isTimeout tells whether a text is a timeout as gRPC writes it.
func isTimeout(text string) bool {
	number, unit := text[:len(text)-1], text[len(text)-1]
	_, err := strconv.ParseUint(number, 10, 64)
	return err == nil && strings.IndexByte("HMSmun", unit) >= 0
}

// passNone is grpc-gateway's header matcher: which headers to pass is said
// above.
func passNone(string) (string, bool) { return "", false }
