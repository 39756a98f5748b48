package header

import (
	"net/http"
	"strings"
)

// Keys of the metadata that requests and answers have.
const (
	// ConsistencyTokenKey has the token of a write, with which a later read sees it.
	ConsistencyTokenKey = "consistency-token"
	// ReadConsistencyKey says whether a read may be, or is, that of a reader.
	ReadConsistencyKey = "read-consistency"
)

// passed are the headers that the server receives as metadata of the same name
// in lower case. Metadata adds authorization and what the gateway itself knows; no
// other header is passed, in no spelling.
var passed = []struct {
	name, metadata string
	// onlyWrites is set for headers that the gateway itself evaluates for reads.
	onlyWrites bool
}{
	{"If-Match", "if-match", true},
	{"If-None-Match", "if-none-match", true},
	{"Idempotency-Key", "idempotency-key", false},
	{"Consistency-Token", ConsistencyTokenKey, false},
}

// Metadata returns the metadata that the server receives of a request: keys and values
// in turn. Several lines of one header are joined with commas (RFC 9110, 5.3).
func Metadata(r *http.Request, from Origin, requestID string) []string {
	pairs := make([]string, 0, 2*14)
	for _, value := range r.Header["Authorization"] {
		if isPrintable(value) {
			pairs = append(pairs, "authorization", value)
		}
	}
	pairs = append(pairs, "x-request-id", requestID, "x-forwarded-proto", protocol(from.Secure))
	if from.Host != "" && isPrintable(from.Host) {
		pairs = append(pairs, "x-forwarded-host", from.Host)
	}
	if from.Address != "" {
		pairs = append(pairs, "x-forwarded-for", from.Address)
	}
	read := r.Method == http.MethodGet || r.Method == http.MethodHead
	for i := range passed {
		p := &passed[i]
		if values := r.Header[p.name]; len(values) > 0 && !(p.onlyWrites && read) {
			value := strings.Join(values, ", ")
			if p.onlyWrites {
				value = withoutCoding(value)
			}
			pairs = append(pairs, p.metadata, value)
		}
	}
	if consistency := readConsistency(r.Header); consistency != "" {
		pairs = append(pairs, ReadConsistencyKey, consistency)
	}
	return pairs
}

func protocol(secure bool) string {
	if secure {
		return "https"
	}
	return "http"
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
