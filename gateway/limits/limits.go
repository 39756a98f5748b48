// Package limits has every limit of the gateway that no flag sets. Those of the engine
// are in contract.Route.Limits.
package limits

import "time"

// Limits of requests.
const (
	// TargetBytes is the largest request target (path and query). A longer
	// target is answered with 414.
	TargetBytes = 8 << 10
	// HeaderBytes is the largest size of all header fields of a request,
	// including Host, with HeaderFieldOverhead bytes added for each field: the
	// way in which gRPC counts the metadata that it receives (RFC 9113, 6.5.2).
	// Larger headers are answered with 431.
	HeaderBytes         = 64 << 10
	HeaderFieldOverhead = 32
	// Violations is the largest number of violations that an error lists.
	Violations = 100
	// RequestIDBytes is the longest value of X-Request-Id that is kept.
	RequestIDBytes = 128
	// TextBytes is the largest part of a text of the client that an error
	// repeats.
	TextBytes = 200
	// DiscardBytes and DiscardTime limit how much of a refused body is read and
	// discarded, so that a client that only listens after sending receives the
	// refusal.
	DiscardBytes = 128 << 20
	DiscardTime  = 5 * time.Second
)

// Limits of a JSON body.
const (
	// JSONDepth is the nesting depth that encoding/json and protojson accept.
	JSONDepth = 10000
	// DiagnosedValues and DiagnosedDepth limit the search for violations in a
	// body that was refused.
	DiagnosedValues = 20000
	DiagnosedDepth  = 32
)

// Limits of answers.
const (
	// AnswerBytes is the largest message that the gateway accepts from the
	// server.
	AnswerBytes = 64 << 20
	// AnswerWindow and ConnectionWindow are the number of bytes that the server
	// may send before the gateway reads them, for one answer and for all answers
	// of the connection (RFC 9113, 5.2).
	AnswerWindow     = 1 << 20
	ConnectionWindow = 16 << 20
	// CallStreams is the number of streams that carry unary calls to the server
	// (package calls).
	CallStreams = 1
	// KeptBuffer is the largest buffer of a request's body that is kept for the next one.
	KeptBuffer = 64 << 10
	// HealthTime is how long a readiness check waits for the server.
	HealthTime = time.Second
	// RetryAfter is the value of Retry-After while the server is unreachable.
	RetryAfter = time.Second
)

// CertificateCheck is how often the files of certificates are checked for changes.
const CertificateCheck = time.Second

// Limits of streams.
const (
	// LineViolations is the number of violations listed for one line.
	LineViolations = 10
	// AnswerTime is how long an import waits for the next line after the server
	// has ended the stream.
	AnswerTime = 200 * time.Millisecond
	// UnflushedBytes is the number of bytes after which the rows of an export
	// are flushed to the client, if rows arrive faster than they are sent.
	UnflushedBytes = 32 << 10
	// ExportAhead is the number of rows of an export that wait to be written.
	ExportAhead = 16
)
