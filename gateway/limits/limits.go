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

// Limits of what requests hold in memory (package admission).
const (
	// RequestBytes is what each request holds at least: a small head, body and answer.
	RequestBytes = 16 << 10
	// HeadCopies is the size in memory of a head, in sizes of its text: the text, the
	// fields that net/http parses from it, and the metadata of the call.
	HeadCopies = 3
	// BodyCopies is the size in memory of a body that is decoded, in sizes of its text:
	// the text, the texts in the message, and the message in its binary form.
	BodyCopies = 3
	// ObjectBytes and ValueBytes are the memory for each object or array of a body and
	// for each other value, besides its text.
	ObjectBytes = 256
	ValueBytes  = 64
	// RowCopies is the size in memory of a large row of an export, in sizes of the row: one
	// that is written, one that waits and one that arrives.
	RowCopies = 3
	// StreamBytes is what an import or export holds besides a line: the window of its
	// stream (AnswerWindow) and buffers.
	StreamBytes = AnswerWindow + 256<<10
	// ClientTime is how long after its last call a client counts for the turns of the
	// others.
	ClientTime = time.Second
	// ClientCalls is the number of calls that a client may always have under way, while
	// fewer than all are.
	ClientCalls = 4
)

// Limits of a JSON body.
const (
	// BodyObjects and BodyValues are the largest numbers of objects and arrays, and of all
	// values, in a body: an object of 2 bytes is a message of some 100 bytes.
	BodyObjects = 50000
	BodyValues  = 500000
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
	// AnswerPiece is how much of an answer is written at a time, and AnswerPieceTime how
	// long the client may take for each piece.
	AnswerPiece     = 128 << 10
	AnswerPieceTime = 10 * time.Second
	// UnsentBytes is how much of an answer waits in the system while the client does not
	// receive it. The rest stays in the gateway, where it is counted.
	UnsentBytes = 128 << 10
	// SharedAnswerBytes is the size from which an answer gets memory of its own: before, it
	// keeps the answers that came in the same message.
	SharedAnswerBytes = 4 << 10
	// CodingWindow is how far back Zstandard looks for repetitions, and CodingBytes what the
	// compression of a stream holds.
	CodingWindow = 256 << 10
	CodingBytes  = 1 << 20
	// KeptBuffer is the largest buffer of a request's body that is kept for the next one.
	KeptBuffer = 64 << 10
	// HealthTime is how long a readiness check waits for the server.
	HealthTime = time.Second
	// HealthInterval is how often servers are asked whether they serve.
	HealthInterval = 250 * time.Millisecond
	// ResolveInterval is how often the names of servers are resolved, FirstResolvePause the
	// pause while no server is known, and ResolveTime the longest time for one name.
	ResolveInterval   = 5 * time.Second
	FirstResolvePause = 250 * time.Millisecond
	ResolveTime       = 3 * time.Second
	// RetireTime is how long the connection to a server that its name does not have any more
	// is kept for calls that have begun.
	RetireTime = 10 * time.Minute
	// ServersTried is how many servers get a call, one after the other.
	ServersTried = 3
	// RetryAfter is the value of Retry-After while the server is unreachable.
	RetryAfter = time.Second
)

// Limits of calls to the server (package calls).
const (
	// CallStreams is the number of streams that carry unary calls.
	CallStreams = 1
	// LoneRequestBytes is the size from which a request goes as a call of its own,
	// so that it holds up no other.
	LoneRequestBytes = 64 << 10
	// BatchBytes is the size of a batch of calls to which nothing is added. With the last
	// call it stays below the server's limit of a message.
	BatchBytes = 1 << 20
	// FirstBatchBytes is the first size of a batch's buffer, and KeptBatchBytes the
	// largest buffer that is kept for the next batch.
	FirstBatchBytes = 16 << 10
	KeptBatchBytes  = 1 << 20
	// CallsUnderWay is how many calls of one stream may be under way; more go as
	// calls of their own, which gRPC's flow control and the server's limit of
	// streams hold back.
	CallsUnderWay = 10000
	// AnswerBatchBytes is the largest message with the answers of many calls.
	AnswerBatchBytes = 1 << 30
	// ExpireInterval is how often the deadlines of calls on a stream are checked.
	ExpireInterval = 20 * time.Millisecond
	// FirstReopenPause and LongestReopenPause are between two tries to open a stream.
	FirstReopenPause   = 50 * time.Millisecond
	LongestReopenPause = 5 * time.Second
)

// Limits of connections of HTTP/1 (package http1).
const (
	// ReaderBytes is the buffer in which a head begins; a larger head gets a larger one.
	ReaderBytes = 4 << 10
	// DeadlineInterval is how long a deadline of a connection is kept before it is set
	// again: a deadline may pass this much early.
	DeadlineInterval = time.Second
	// LingerTime and LingerBytes limit how long a connection that is closed with
	// unread data is read, so that its client receives the answer: one that is still
	// sending a body would get a reset instead.
	LingerTime  = DiscardTime
	LingerBytes = DiscardBytes
	// UnreadBytes is how much of a body that the handler did not read is read before the
	// answer, in at most DiscardTime, so that the connection can serve the next request.
	UnreadBytes = 256 << 10
	// HeldBytes is how much of an answer of unknown length is held back: one that is
	// shorter gets a Content-Length.
	HeldBytes = 16 << 10
	// CopiedBytes is the largest part of a body that is copied behind the header
	// fields; a larger one is written from where it is.
	CopiedBytes = 8 << 10
	// KeptAnswerBuffer is the largest buffer that is kept for other answers.
	KeptAnswerBuffer = 64 << 10
	// WatchInterval is how often the requests at work are looked at. A request that
	// takes less is never looked at.
	WatchInterval = 50 * time.Millisecond
	// ShutdownPoll is how often Shutdown looks for the end of the requests.
	ShutdownPoll = 20 * time.Millisecond
	// FirstAcceptPause and LongestAcceptPause are between two tries to accept a
	// connection, such as while all file descriptors are in use.
	FirstAcceptPause   = 5 * time.Millisecond
	LongestAcceptPause = 200 * time.Millisecond
)

// Limits of connections.
const (
	// HeaderTime is the longest time in which a client may send its headers.
	HeaderTime = 10 * time.Second
	// AnswerTime is the longest time in which a client may read its answer.
	AnswerTime = 30 * time.Second
	// OwnDescriptors is the number of file descriptors that no connection of a client
	// uses: those of the connections to the server, of files and of the runtime.
	OwnDescriptors = 64
	// DebugClients is the number of clients that /debug lists.
	DebugClients = 20
	// TraceShutdown is the longest time in which the last spans are sent.
	TraceShutdown = 3 * time.Second
	// UnusualLines is the number of lines of slow and failed requests that the log has in a
	// second: an outage must not fill the disk.
	UnusualLines = 50
	// RefusalInterval is how often the log has that connections are refused.
	RefusalInterval = 10 * time.Second
	// HTTP2Streams is the number of requests that may be under way on one connection of
	// HTTP/2.
	HTTP2Streams = 100
	// HTTP2HeadBytes is the largest head of a request of HTTP/2. From HeaderBytes on it
	// gets the problem of HeadersTooLarge, above this net/http rejects it.
	HTTP2HeadBytes = 2 * HeaderBytes
)

// CertificateCheck is how often the files of certificates are checked for changes.
const CertificateCheck = time.Second

// Limits of streams.
const (
	// LineViolations is the number of violations listed for one line.
	LineViolations = 10
	// ImportEndTime is how long an import waits for the next line after the server
	// has ended the stream.
	ImportEndTime = 200 * time.Millisecond
	// UnflushedBytes is the number of bytes after which the rows of an export
	// are flushed to the client, if rows arrive faster than they are sent.
	UnflushedBytes = 32 << 10
	// ExportAhead is the number of rows of an export that wait to be written. While they
	// have more than ExportAheadBytes, no further one is added to them.
	ExportAhead      = 16
	ExportAheadBytes = 64 << 10
)
