package header

import (
	"net/http"
	"strings"
)

// Return is what a client wants to receive of a resource that it wrote (RFC 7240, 4.2).
type Return string

const (
	// ReturnDefault is what the client does not say.
	ReturnDefault Return = ""
	// ReturnMinimal is an answer without the resource.
	ReturnMinimal Return = "return=minimal"
	// ReturnRepresentation is the resource.
	ReturnRepresentation Return = "return=representation"
)

// PreferredReturn returns the preference return of a request.
func PreferredReturn(header http.Header) Return {
	value, _ := preference(header, "return")
	switch value {
	case "minimal":
		return ReturnMinimal
	case "representation":
		return ReturnRepresentation
	}
	return ReturnDefault
}

// ReadEventual is the preference of a client that takes rows which may be stale.
const ReadEventual = "read=eventual"

// readConsistency returns the metadata read-consistency of a request: "eventual", or
// "eventual;max-staleness=1s", from its preference read; "" for none. A request with If-Match has
// none: it fails if the row is older than the client knows it to be.
func readConsistency(header http.Header) string {
	if len(header["If-Match"]) > 0 {
		return ""
	}
	value, parameters := preference(header, "read")
	if value != "eventual" {
		return ""
	}
	if parameters == "" {
		return value
	}
	name, limit, _ := strings.Cut(parameters, "=")
	consistency := value + ";" + strings.ToLower(strings.TrimSpace(name)) + "=" + strings.Trim(strings.TrimSpace(limit), `"`)
	if !isPrintable(consistency) {
		return ""
	}
	return consistency
}

// preference returns the value of a preference and its parameters. Of several, the first one
// counts (RFC 7240, 2).
func preference(header http.Header, name string) (value, parameters string) {
	for _, line := range header["Prefer"] {
		for element := range strings.SplitSeq(line, ",") {
			first, rest, _ := strings.Cut(element, ";")
			found, value, _ := strings.Cut(first, "=")
			if strings.EqualFold(strings.TrimSpace(found), name) {
				return strings.Trim(strings.TrimSpace(value), `"`), strings.TrimSpace(rest)
			}
		}
	}
	return "", ""
}
