package edge

import (
	"fmt"
	"net/http"
	"strconv"

	"google.golang.org/grpc/codes"
)

// Refusal is a whole HTTP/1.1 response for a request that is not HTTP enough
// to be handled, by its status in digits. The connection ends with it.
func Refusal(digits string) []byte {
	status, err := strconv.Atoi(digits)
	if err != nil || http.StatusText(status) == "" {
		status = http.StatusBadRequest
	}
	p := newProblem(status, codes.InvalidArgument, "REQUEST_MALFORMED", "The request is not well formed HTTP.")
	switch status {
	case http.StatusRequestHeaderFieldsTooLarge:
		p = newProblem(status, codes.InvalidArgument, "HEADERS_TOO_LARGE", "The request line or the header fields are too large.")
	case http.StatusExpectationFailed:
		p = newProblem(status, codes.InvalidArgument, "EXPECTATION_UNKNOWN", "The only expectation that is met is 100-continue.")
	case http.StatusNotImplemented:
		p = newProblem(status, codes.Unimplemented, "REQUEST_MALFORMED", "The transfer encoding is not supported.")
	}
	body := p.body()
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n"+
		"Connection: close\r\n\r\n%s", status, p.Title, len(body), body)
}
