package request

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"google.golang.org/grpc/codes"

	"dataservice/gateway/gen/engine"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
)

// body is the JSON body of a request.
type body struct {
	text   []byte
	buffer *bytes.Buffer
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// release returns the buffer for the next request.
func (b *body) release() {
	if b.buffer != nil && b.buffer.Cap() <= limits.KeptBuffer {
		b.buffer.Reset()
		buffers.Put(b.buffer)
	}
	b.buffer, b.text = nil, nil
}

// read reads the body. It fails before it reads if the headers are sufficient
// for that.
func (b *body) read(w http.ResponseWriter, r *http.Request, limit int64) *problem.Problem {
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
	b.buffer = buffers.Get().(*bytes.Buffer)
	if r.ContentLength > 0 {
		b.buffer.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := b.buffer.ReadFrom(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return Incomplete(err, "body", "")
	}
	if int64(b.buffer.Len()) > limit {
		Discard(w, r)
		return tooLarge(limit)
	}
	b.text = bytes.TrimPrefix(b.buffer.Bytes(), ByteOrderMark)
	if len(bytes.TrimLeft(b.text, " \t\r\n")) == 0 {
		return problem.Invalid("The body is empty; it must be a JSON object.")
	}
	return nil
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
	control := http.NewResponseController(w)
	if control.SetReadDeadline(time.Now().Add(limits.DiscardTime)) == nil {
		_, _ = io.CopyN(io.Discard, r.Body, limits.DiscardBytes)
	}
}
