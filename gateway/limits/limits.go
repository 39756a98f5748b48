package edge

import "time"

// Every limit of the edge that no flag sets.
const (
	// maxTargetBytes is how long a request target (path and query) may be;
	// longer is 414.
	maxTargetBytes = 8 << 10
	// maxHeaderBytes is how much all header fields of a request may take, Host
	// among them and each with fieldOverhead bytes more, as gRPC counts what it
	// gets of them (RFC 9113, 6.5.2); more is 431.
	maxHeaderBytes = 64 << 10
	fieldOverhead  = 32
	// maxAnswerBytes is the largest message that is taken from the server.
	maxAnswerBytes = 64 << 20
	// answerWindow and connectionWindow are how much of one answer, and of all of
	// them, the server may send ahead of its being read (RFC 9113, 5.2).
	answerWindow     = 1 << 20
	connectionWindow = 16 << 20
	// maxDiscardBytes and discardTime bound how much of a refused body is read
	// and thrown away, so that a client that only listens after sending gets
	// to see the refusal.
	maxDiscardBytes = 128 << 20
	discardTime     = 5 * time.Second
	// maxKeptBuffer is the largest body buffer that is kept for reuse.
	maxKeptBuffer = 64 << 10
	// healthTime is how long a readiness check waits for the server.
	healthTime = time.Second
	// retryAfter is what a client is told to wait when the server is away.
	retryAfter = time.Second
	// maxImportFailures is how many failures of an import are listed, by the
	// server and here.
	maxImportFailures = 100
	// answerTime is how long a line is waited for when the server has ended an
	// import.
	answerTime = 200 * time.Millisecond
	// maxUnflushedBytes is after how much of an export a client gets it, if
	// rows come faster than they can be sent.
	maxUnflushedBytes = 32 << 10
	// exportAhead is how many rows of an export wait to be written.
	exportAhead = 16
	// maxPatchPaths is how many parts of a resource a PATCH may change, and
	// maxPatchDepth how deep they may be: what the server takes.
	maxPatchPaths = 1000
	maxPatchDepth = 32
	// maxViolations is how many faults of one request are listed.
	maxViolations = 100
)
