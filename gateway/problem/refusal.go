package problem

import (
	"bytes"
	"fmt"
	"net/http"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/limits"
)

// Refusal returns the problem of a request that the HTTP server rejects before a handler
// runs.
func Refusal(status int) *Problem {
	if http.StatusText(status) == "" {
		status = http.StatusBadRequest
	}
	switch status {
	case http.StatusRequestHeaderFieldsTooLarge:
		return New(status, codes.InvalidArgument, engine.ErrorReason_HEADERS_TOO_LARGE, "The request line or the header fields are too large.")
	case http.StatusRequestURITooLong:
		return New(status, codes.InvalidArgument, engine.ErrorReason_TARGET_TOO_LONG,
			fmt.Sprintf("The request target is longer than %d bytes.", limits.TargetBytes))
	case http.StatusExpectationFailed:
		return New(status, codes.InvalidArgument, engine.ErrorReason_EXPECTATION_UNKNOWN, "The only expectation that is met is 100-continue.")
	case http.StatusServiceUnavailable:
		return Overloaded()
	case http.StatusNotImplemented:
		return New(status, codes.Unimplemented, engine.ErrorReason_REQUEST_MALFORMED, "The transfer encoding is not supported.")
	}
	return New(status, codes.InvalidArgument, engine.ErrorReason_REQUEST_MALFORMED, "The request is not well formed HTTP.")
}

// Overloaded returns the problem of a request that the gateway has no room for. Nothing was
// done, so that a retry is safe.
func Overloaded() *Problem {
	p := New(http.StatusServiceUnavailable, codes.Unavailable, engine.ErrorReason_GATEWAY_OVERLOADED,
		"The gateway is busy with other requests; try again later.")
	p.RetryAfter = limits.RetryAfter
	return p
}

// Response returns the problem as an entire HTTP/1.1 response with more headers. The
// connection must be closed after it.
func (p *Problem) Response(header http.Header) []byte {
	if id := header.Get("X-Request-Id"); p.RequestID == "" {
		p.RequestID = id
	}
	body := p.body()
	var text bytes.Buffer
	fmt.Fprintf(&text, "HTTP/1.1 %d %s\r\nCache-Control: no-store\r\nContent-Type: application/problem+json\r\nContent-Length: %d\r\nConnection: close\r\n",
		p.Status, p.Title, len(body))
	if p.RetryAfter > 0 {
		fmt.Fprintf(&text, "Retry-After: %s\r\n", p.retryAfter())
	}
	_ = header.Write(&text) // a buffer accepts all
	fmt.Fprintf(&text, "\r\n%s", body)
	return text.Bytes()
}
