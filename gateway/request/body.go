package edge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
)

// readBody takes the whole JSON body of a request. It fails before anything
// is read where the headers say enough.
func (c *call) readBody(r *http.Request, limit int64) *Problem {
	if p := checkMedia(r); p != nil {
		return p
	}
	if r.ContentLength > limit {
		c.discard(r)
		return tooLarge(limit)
	}
	c.buffer = buffers.Get().(*bytes.Buffer)
	if r.ContentLength > 0 {
		c.buffer.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	_, err := c.buffer.ReadFrom(io.LimitReader(r.Body, limit+1))
	if err != nil {
		return brokenBody(err)
	}
	if int64(c.buffer.Len()) > limit {
		c.discard(r)
		return tooLarge(limit)
	}
	c.body = bytes.TrimPrefix(c.buffer.Bytes(), byteOrderMark)
	if len(bytes.TrimLeft(c.body, " \t\r\n")) == 0 {
		return invalid("The body is empty; it must be a JSON object.")
	}
	r.Body = &bodyReader{Reader: *bytes.NewReader(c.body), text: c.body}
	return nil
}

// skipBody reads the body of a request that needs none: net/http sees that a
// client leaves only when its body is read.
func (c *call) skipBody(r *http.Request, limit int64) *Problem {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	n, err := io.Copy(io.Discard, io.LimitReader(r.Body, limit+1))
	if err != nil {
		return brokenBody(err)
	}
	if n > limit {
		c.discard(r)
		return tooLarge(limit)
	}
	return nil
}

// brokenBody is the problem of a body that did not come whole.
func brokenBody(err error) *Problem {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return newProblem(http.StatusRequestTimeout, codes.DeadlineExceeded, "BODY_TOO_SLOW",
			"The body did not arrive in time.").with("Connection", "close")
	}
	return newProblem(http.StatusBadRequest, codes.InvalidArgument, "BODY_BROKEN",
		"The body ended early or is not well formed HTTP.").with("Connection", "close")
}

// byteOrderMark is what some programs write before a text in UTF-8; it is
// ignored there (RFC 8259, 8.1).
var byteOrderMark = []byte("\xef\xbb\xbf")

// bodyReader is a body that was read already. The JSON decoder takes its text
// as it is.
type bodyReader struct {
	bytes.Reader
	text []byte
}

func (*bodyReader) Close() error { return nil }

// checkMedia refuses a body that does not say it is JSON in UTF-8. One that
// says nothing is taken for it.
func checkMedia(r *http.Request) *Problem {
	if p := checkEncoding(r); p != nil {
		return p
	}
	given := r.Header.Get("Content-Type")
	if given == "" || given == "application/json" {
		return nil
	}
	media, parameters, err := mime.ParseMediaType(given)
	charset := parameters["charset"]
	if err == nil && (charset == "" || strings.EqualFold(charset, "utf-8")) &&
		(media == "application/json" || (media == mergePatch && r.Method == http.MethodPatch)) {
		return nil
	}
	p := newProblem(http.StatusUnsupportedMediaType, codes.InvalidArgument, "MEDIA_TYPE_UNSUPPORTED",
		fmt.Sprintf("Content-Type is %q; send JSON, with the header Content-Type: application/json.",
			clip(strings.ToValidUTF8(given, "\uFFFD"))))
	if r.Method == http.MethodPatch {
		return p.with("Accept-Patch", "application/json, "+mergePatch)
	}
	return p.with("Accept", "application/json")
}

// checkEncoding refuses a compressed body.
func checkEncoding(r *http.Request) *Problem {
	if encoding := r.Header.Get("Content-Encoding"); encoding != "" && !strings.EqualFold(encoding, "identity") {
		return newProblem(http.StatusUnsupportedMediaType, codes.InvalidArgument, "MEDIA_TYPE_UNSUPPORTED",
			"A body with a Content-Encoding is not accepted.").with("Accept-Encoding", "identity")
	}
	return nil
}

// mergePatch is what PATCH does: it changes what the body names, and null
// clears (RFC 7396).
const mergePatch = "application/merge-patch+json"

func tooLarge(limit int64) *Problem {
	return newProblem(http.StatusRequestEntityTooLarge, codes.ResourceExhausted, "BODY_TOO_LARGE",
		fmt.Sprintf("The body is larger than %d bytes.", limit)).with("Connection", "close")
}

// discard reads on for a while, so that a client that is busy sending comes to
// the answer. One that waits for 100 Continue is not sending.
func (c *call) discard(r *http.Request) {
	if r.Header.Get("Expect") != "" && c.buffer == nil {
		return
	}
	control := http.NewResponseController(c.writer.ResponseWriter)
	if control.SetReadDeadline(time.Now().Add(discardTime)) == nil {
		_, _ = io.CopyN(io.Discard, r.Body, maxDiscardBytes)
	}
}
