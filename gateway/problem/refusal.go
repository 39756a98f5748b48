package problem

import (
	"fmt"
	"net/http"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
)

// Refusal returns an entire HTTP/1.1 response for a request that the HTTP server
// rejects before a handler runs. The connection is closed after it.
func Refusal(status int) []byte {
	if http.StatusText(status) == "" {
		status = http.StatusBadRequest
	}
	p := New(status, codes.InvalidArgument, engine.ErrorReason_REQUEST_MALFORMED, "The request is not well formed HTTP.")
	switch status {
	case http.StatusRequestHeaderFieldsTooLarge:
		p = New(status, codes.InvalidArgument, engine.ErrorReason_HEADERS_TOO_LARGE, "The request line or the header fields are too large.")
	case http.StatusExpectationFailed:
		p = New(status, codes.InvalidArgument, engine.ErrorReason_EXPECTATION_UNKNOWN, "The only expectation that is met is 100-continue.")
	case http.StatusNotImplemented:
		p = New(status, codes.Unimplemented, engine.ErrorReason_REQUEST_MALFORMED, "The transfer encoding is not supported.")
	}
	body := p.body()
	return fmt.Appendf(nil, "HTTP/1.1 %d %s\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\n"+
		"Connection: close\r\n\r\n%s", status, p.Title, len(body), body)
}
