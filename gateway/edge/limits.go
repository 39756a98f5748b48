package edge

import "time"

// Every limit of the edge that no flag sets.
const (
	// maxTargetBytes is how long a request target (path and query) may be;
	// longer is 414.
	maxTargetBytes = 8 << 10
	// maxHeaderBytes is how much all header fields of a request may take; more
	// is 431.
	maxHeaderBytes = 64 << 10
	// maxAnswerBytes is the largest message that is taken from the server.
	maxAnswerBytes = 64 << 20
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
	// maxViolations is how many faults of one request are listed.
	maxViolations = 100
)
