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

// PreferredReturn returns the preference return of a request. Of several, the first one
// counts (RFC 7240, 2).
func PreferredReturn(header http.Header) Return {
	for _, line := range header["Prefer"] {
		for element := range strings.SplitSeq(line, ",") {
			preference, _, _ := strings.Cut(element, ";")
			name, value, _ := strings.Cut(preference, "=")
			if !strings.EqualFold(strings.TrimSpace(name), "return") {
				continue
			}
			switch strings.Trim(strings.TrimSpace(value), `"`) {
			case "minimal":
				return ReturnMinimal
			case "representation":
				return ReturnRepresentation
			}
			return ReturnDefault
		}
	}
	return ReturnDefault
}
