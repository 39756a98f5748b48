// Package problem writes errors as problem details (RFC 9457), and maps the status
// of a gRPC call to them.
package problem

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/limits"
)

// Problem is the form of every error (RFC 9457). Title is the text of the status.
// Programs evaluate Code and Reason.
type Problem struct {
	// Type leads to the description of the reason (UseTypes).
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail is a sentence for people.
	Detail string `json:"detail"`
	// Code is the name of the gRPC code that a gRPC client receives.
	Code string `json:"code"`
	// Reason distinguishes errors with the same code (google.rpc.ErrorInfo).
	Reason string `json:"reason,omitempty"`
	// RequestID identifies the request in logs. Write sets it to X-Request-Id of the
	// response if it is empty.
	RequestID string `json:"requestId,omitempty"`
	// Errors are the violations of the request, by field.
	Errors []Violation `json:"errors,omitempty"`

	// RetryAfter is the value of the Retry-After header; 0 sends none.
	RetryAfter time.Duration `json:"-"`

	header http.Header
}

// Violation is one fault of a request. Field is its path in the JSON of the
// request, or the name of a query parameter or header.
type Violation struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

// Recorder is a ResponseWriter that records which problem is written to it.
type Recorder interface{ SetProblem(code, reason string) }

// NoReason is the reason of an error whose code alone says what it is.
const NoReason = engine.ErrorReason_ERROR_REASON_UNSPECIFIED

// New returns a problem with an HTTP status.
func New(status int, code codes.Code, reason engine.ErrorReason, detail string) *Problem {
	p := &Problem{
		Type:   blank,
		Title:  statusText(status),
		Status: status,
		Detail: detail,
		Code:   codeNames[code],
	}
	if reason != NoReason {
		p.Reason = reason.String()
	}
	return p
}

// Invalid returns the problem of a request with violations: status 400. It lists
// no more than limits.Violations of them, with shortened texts.
func Invalid(detail string, violations ...Violation) *Problem {
	p := New(http.StatusBadRequest, codes.InvalidArgument, NoReason, detail)
	if len(violations) > limits.Violations {
		p.Detail += fmt.Sprintf(" The first %d faults are listed; there are more.", limits.Violations)
		violations = violations[:limits.Violations]
	}
	for _, v := range violations {
		p.Errors = append(p.Errors, Violation{Clip(v.Field), Clip(v.Description)})
	}
	return p
}

// With adds a header to the response.
func (p *Problem) With(name, value string) *Problem {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(name, value)
	return p
}

// body returns the problem as JSON.
func (p *Problem) body() []byte {
	p.Type = typeOf(p.Reason)
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(p); err != nil {
		panic(err) // strings and numbers only
	}
	return text.Bytes()
}

// Write sends the problem as the response to a request.
func (p *Problem) Write(w http.ResponseWriter) {
	header := w.Header()
	header["Cache-Control"] = noStore
	for name, values := range p.header {
		header[name] = values
	}
	if p.RetryAfter > 0 {
		header.Set("Retry-After", p.retryAfter())
	}
	if id := header["X-Request-Id"]; p.RequestID == "" && len(id) > 0 {
		p.RequestID = id[0]
	}
	if recorder, ok := w.(Recorder); ok {
		recorder.SetProblem(p.Code, p.Reason)
	}
	text := p.body()
	header.Set("Content-Type", "application/problem+json")
	header.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(p.Status)
	_, _ = w.Write(text) // the client may have closed the connection
}

// noStore is the value of Cache-Control of all problems: a cache may keep some statuses, such
// as 404, without being asked to (RFC 9110, 15.1).
var noStore = []string{"no-store"}

// retryAfter returns the value of Retry-After, in seconds (RFC 9110, 10.2.3).
func (p *Problem) retryAfter() string { return strconv.Itoa(int(math.Ceil(p.RetryAfter.Seconds()))) }

// statusText returns the text of a status in RFC 9110. net/http has older texts
// for some.
func statusText(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "Content Too Large"
	case http.StatusRequestURITooLong:
		return "URI Too Long"
	case http.StatusUnprocessableEntity:
		return "Unprocessable Content"
	case StatusClientClosed:
		return "Client Closed Request"
	}
	return http.StatusText(status)
}

// Clip shortens a text of the client to limits.TextBytes.
func Clip(text string) string {
	if len(text) <= limits.TextBytes {
		return text
	}
	return strings.ToValidUTF8(text[:limits.TextBytes], "") + "..."
}
