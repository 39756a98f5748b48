package edge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"google.golang.org/grpc/codes"
)

// Problem is the one form of every error (RFC 9457). Type is always
// about:blank, so title is the status in words; what a program looks at is
// code and, where there is one, reason.
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	// Detail is for people.
	Detail string `json:"detail"`
	// Code is the name of the gRPC code that a gRPC client would see.
	Code string `json:"code"`
	// Reason tells apart what has the same code (google.rpc.ErrorInfo).
	Reason string `json:"reason,omitempty"`
	// RequestID finds the error in the server's log.
	RequestID string `json:"requestId,omitempty"`
	// Errors are the faults of the request, field by field.
	Errors []Violation `json:"errors,omitempty"`

	retryAfter time.Duration
	header     http.Header
}

// Violation is one fault. Field is the path to it in the request's JSON, or
// the name of the query parameter or header.
type Violation struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

func newProblem(status int, code codes.Code, reason, detail string) *Problem {
	return &Problem{
		Type:   "about:blank",
		Title:  statusText(status),
		Status: status,
		Detail: detail,
		Code:   codeNames[code],
		Reason: reason,
	}
}

// invalid is a request with faults in the named fields.
func invalid(detail string, violations ...Violation) *Problem {
	p := newProblem(http.StatusBadRequest, codes.InvalidArgument, "", detail)
	if len(violations) > maxViolations {
		p.Detail += fmt.Sprintf(" The first %d faults are listed; there are more.", maxViolations)
		violations = violations[:maxViolations]
	}
	for _, v := range violations {
		p.Errors = append(p.Errors, Violation{clip(v.Field), clip(v.Description)})
	}
	return p
}

// with adds a header to the answer.
func (p *Problem) with(name, value string) *Problem {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(name, value)
	return p
}

// body is the problem in JSON.
func (p *Problem) body() []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(p); err != nil {
		panic(err) // strings and numbers only
	}
	return text.Bytes()
}

// write sends the problem.
func (p *Problem) write(w http.ResponseWriter) {
	header := w.Header()
	for name, values := range p.header {
		header[name] = values
	}
	if p.retryAfter > 0 {
		header.Set("Retry-After", strconv.Itoa(int(math.Ceil(p.retryAfter.Seconds()))))
	}
	text := p.body()
	header.Set("Content-Type", "application/problem+json")
	header.Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(p.Status)
	_, _ = w.Write(text) // a client that is gone needs no answer
}

// statusText is a status in the words of RFC 9110, of which net/http has some
// in an older form.
func statusText(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "Content Too Large"
	case http.StatusRequestURITooLong:
		return "URI Too Long"
	case http.StatusUnprocessableEntity:
		return "Unprocessable Content"
	case statusClientClosed:
		return "Client Closed Request"
	}
	return http.StatusText(status)
}
