// Package header reads the headers of a REST request: which are valid, which the
// server receives as metadata, the conditions of a read, and the timeout.
package header

import (
	"net/http"
	"slices"
	"strings"

	"dataservice/gateway/problem"
)

// single are headers that have one value and not a list. Of two lines, the second
// one would be ignored.
var single = []string{"Authorization", "Consistency-Token", "Content-Encoding", "Content-Type", "Grpc-Timeout", "Idempotency-Key"}

// conditions are headers that must be * or entity tags (RFC 9110, 13.1.1): a client that
// sends anything else, or nothing, does not expect an unconditional request.
var conditions = []string{"If-Match", "If-None-Match"}

// endToEnd are headers that a request means for the gateway and the server, so that
// Connection must not list them (RFC 9110, 7.6.1). Without them the request would be
// another one, such as a write without its condition.
var endToEnd = []string{
	"Authorization", "Consistency-Token", "Content-Encoding", "Content-Length", "Content-Type", "Forwarded", "Grpc-Timeout", "Host",
	"Idempotency-Key", "If-Match", "If-None-Match", "Origin", "X-Forwarded-For", "X-Forwarded-Host",
	"X-Forwarded-Proto", requestIDName,
}

// Violations returns what is wrong with the headers of a request.
func Violations(header http.Header) []problem.Violation {
	var violations []problem.Violation
	for _, name := range single {
		if len(header[name]) > 1 {
			violations = append(violations, problem.Violation{Field: name, Description: "is given more than once"})
		}
	}
	for _, name := range conditions {
		if values := header[name]; len(values) > 0 && !isETagList(strings.Join(values, ",")) {
			violations = append(violations, problem.Violation{
				Field: name, Description: "must be * or entity tags in double quotes, with commas between",
			})
		}
	}
	for _, option := range backwards(header["Connection"], ',') {
		if name := http.CanonicalHeaderKey(option); slices.Contains(endToEnd, name) {
			violations = append(violations, problem.Violation{Field: name, Description: "must not be listed in Connection"})
		}
	}
	for _, p := range passed {
		for _, value := range header[p.name] {
			if !isPrintable(value) {
				violations = append(violations, problem.Violation{Field: p.name, Description: "may hold printable ASCII characters only"})
				break
			}
		}
	}
	if text := header.Get(timeoutName); text != "" && !isTimeout(text) {
		violations = append(violations, problem.Violation{
			Field: timeoutName, Description: "must be a whole number of at most 8 digits and a unit, such as 5S or 100m",
		})
	}
	return violations
}
