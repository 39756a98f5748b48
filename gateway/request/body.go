package request

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/http1"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
)

// body is the JSON body of a request.
type body struct {
	text   []byte
	buffer *[]byte
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// release returns the buffer for the next request.
func (b *body) release() {
	if b.buffer != nil && cap(*b.buffer) <= limits.KeptBuffer {
		buffers.Put(b.buffer)
	}
	b.buffer, b.text = nil, nil
}

// fill reads at most most bytes into the buffer, which grows with what arrives: a
// client that only announces a body holds no memory. declared is the announced length, or
// -1.
func (b *body) fill(source io.Reader, declared, most int64, held Memory) error {
	b.buffer = buffers.Get().(*[]byte)
	text := (*b.buffer)[:0]
	for {
		if len(text) == cap(text) {
			text = append(make([]byte, 0, nextSize(cap(text), declared)), text...)
		}
		n, err := source.Read(text[len(text):min(int64(cap(text)), most)])
		text = text[:len(text)+n]
		*b.buffer = text
		if !held.HoldOrYield(limits.BodyCopies * int64(n)) {
			return errNoMemory
		}
		if errors.Is(err, io.EOF) || int64(len(text)) == most {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// nextSize returns the size of the buffer after one that is full: twice that, but no more
// than for the announced length and one byte, which sees the end.
func nextSize(full int, declared int64) int {
	next := max(2*full, bytes.MinRead)
	if declared >= int64(full) {
		next = int(min(int64(next), declared+1))
	}
	return next
}

var errNoMemory = errors.New("no memory is free for the request")

// read reads the body. It fails before it reads if the headers are sufficient
// for that.
func (b *body) read(w http.ResponseWriter, r *http.Request, limit int64, held Memory) *problem.Problem {
	media := &mediaJSON
	if r.Method == http.MethodPatch {
		media = &mediaPatch
	}
	if p := media.check(r); p != nil {
		return p
	}
	if r.ContentLength > limit {
		if r.Header.Get("Expect") == "" { // else the client waits before it sends
			Discard(w, r)
		}
		return tooLarge(limit)
	}
	if err := b.fill(r.Body, r.ContentLength, limit+1, held); errors.Is(err, errNoMemory) {
		b.release()
		Discard(w, r)
		return problem.Overloaded().With("Connection", "close")
	} else if err != nil {
		return Incomplete(err, "body", "")
	}
	if int64(len(*b.buffer)) > limit {
		b.release()
		held.Yield()
		Discard(w, r)
		return tooLarge(limit)
	}
	b.text = bytes.TrimPrefix(*b.buffer, ByteOrderMark)
	if len(bytes.TrimLeft(b.text, " \t\r\n")) == 0 {
		return problem.Invalid("The body is empty; it must be a JSON object.")
	}
	return checkSize(b.text, held)
}

// skipBody reads and ignores the body of a request that needs none: net/http
// notices that a client closes the connection only after its body was read.
func skipBody(w http.ResponseWriter, r *http.Request, limit int64) *problem.Problem {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	n, err := io.Copy(io.Discard, io.LimitReader(r.Body, limit+1))
	if err != nil {
		return Incomplete(err, "body", "")
	}
	if n > limit {
		if r.Header.Get("Expect") == "" {
			Discard(w, r)
		}
		return tooLarge(limit)
	}
	return nil
}

// Incomplete returns the problem of a body that was not received completely.
// awaited names what the gateway waited for, and result is added to the detail.
func Incomplete(err error, awaited, result string) *problem.Problem {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return problem.New(http.StatusRequestTimeout, codes.DeadlineExceeded, engine.ErrorReason_BODY_TOO_SLOW,
			"The "+awaited+" did not arrive in time."+result).With("Connection", "close")
	}
	return problem.New(http.StatusBadRequest, codes.InvalidArgument, engine.ErrorReason_BODY_BROKEN,
		"The body ended early or is not well formed HTTP."+result).With("Connection", "close")
}

// ByteOrderMark is ignored before a text in UTF-8 (RFC 8259, 8.1).
var ByteOrderMark = []byte("\xef\xbb\xbf")

func tooLarge(limit int64) *problem.Problem {
	return problem.New(http.StatusRequestEntityTooLarge, codes.ResourceExhausted, engine.ErrorReason_BODY_TOO_LARGE,
		fmt.Sprintf("The body is larger than %d bytes.", limit)).With("Connection", "close")
}

// Discard continues to read a body for a limited time, so that a client that is
// still sending receives the response.
func Discard(w http.ResponseWriter, r *http.Request) {
	http1.Discard(r.Body, http.NewResponseController(w).SetReadDeadline, limits.DiscardBytes, limits.DiscardTime)
}
