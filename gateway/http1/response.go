package http1

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"

	"dataservice/gateway/limits"
)

// response is the answer to the request at work of a connection. It implements
// http.ResponseWriter, http.Flusher and the deadlines of http.ResponseController.
type response struct {
	conn    *conn
	request *http.Request
	header  http.Header
	body    *body // nil if the request has none

	status int // 0 before WriteHeader
	// length is the Content-Length that the handler has set; -1 if it has set none.
	length int64
	// written is the size of the body so far.
	written int64
	// buffer has what was not written to the connection yet. It is in pooled between
	// two answers, so that an idle connection has none.
	buffer    []byte
	pooled    *[]byte
	isSent    bool // the header fields are in the buffer, or were sent
	isChunked bool
	closes    bool
	err       error
}

// reset begins the answer to a request.
func (w *response) reset(r *http.Request, closes bool) {
	clear(w.header)
	pooled := buffers.Get().(*[]byte)
	*w = response{
		conn: w.conn, header: w.header, request: r, buffer: (*pooled)[:0], pooled: pooled, length: -1,
		closes: closes || r.Close,
	}
}

var buffers = sync.Pool{New: func() any { return new([]byte) }}

// release gives the buffer to the next answer of any connection.
func (w *response) release() {
	if cap(w.buffer) <= limits.KeptAnswerBuffer {
		*w.pooled = w.buffer
		buffers.Put(w.pooled)
	}
	w.buffer, w.pooled = nil, nil
}

// Header returns the header fields of the answer.
func (w *response) Header() http.Header { return w.header }

// WriteHeader sets the status. The header fields cannot be changed after it.
func (w *response) WriteHeader(status int) {
	if w.status != 0 || status < http.StatusOK {
		return
	}
	w.status = status
	if text := w.header.Get("Content-Length"); text != "" {
		if length, err := strconv.ParseInt(text, 10, 64); err == nil && length >= 0 {
			w.length = length
		} else {
			w.header.Del("Content-Length")
		}
	}
}

// Write writes a part of the body.
func (w *response) Write(text []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.err != nil {
		return 0, w.err
	}
	if !hasBody(w.status) {
		return 0, http.ErrBodyNotAllowed
	}
	if w.length >= 0 && w.written+int64(len(text)) > w.length {
		return 0, http.ErrContentLength
	}
	w.written += int64(len(text))
	if w.request.Method == http.MethodHead {
		return len(text), nil
	}
	switch {
	case w.isSent:
		w.append(text)
	case w.length >= 0:
		w.appendHead()
		w.append(text)
	case len(w.buffer)+len(text) <= limits.HeldBytes:
		w.buffer = append(w.buffer, text...)
	default:
		w.appendHeadBefore()
		w.append(text)
	}
	if len(w.buffer) > limits.HeldBytes {
		w.flush()
	}
	return len(text), w.err
}

// append adds a part of the body behind the header fields.
func (w *response) append(text []byte) {
	if w.isChunked {
		if len(text) == 0 {
			return
		}
		w.buffer = append(strconv.AppendInt(w.buffer, int64(len(text)), 16), "\r\n"...)
	}
	if len(text) <= limits.CopiedBytes {
		w.buffer = append(w.buffer, text...)
	} else {
		w.writeBoth(text)
	}
	if w.isChunked {
		w.buffer = append(w.buffer, "\r\n"...)
	}
}

// writeBoth writes the buffer and a text in one call of the system.
func (w *response) writeBoth(text []byte) {
	if w.err == nil {
		parts := net.Buffers{w.buffer, text}
		_, w.err = parts.WriteTo(w.conn.socket)
	}
	w.buffer = w.buffer[:0]
}

func (w *response) flush() {
	if w.err == nil && len(w.buffer) > 0 {
		_, w.err = w.conn.socket.Write(w.buffer)
	}
	w.buffer = w.buffer[:0]
}

// FlushError sends what was written so far.
func (w *response) FlushError() error {
	w.WriteHeader(http.StatusOK)
	if !w.isSent {
		w.appendHeadBefore()
	}
	w.flush()
	return w.err
}

// Flush sends what was written so far.
func (w *response) Flush() { _ = w.FlushError() }

// SetReadDeadline sets the deadline for reading the body; zero is none.
func (w *response) SetReadDeadline(deadline time.Time) error {
	w.conn.setRead(deadline)
	return nil
}

// SetWriteDeadline sets the deadline for writing the answer; zero is none. A first Read
// of the body that sends 100 (Continue) sets it to the WriteTimeout of the server.
func (w *response) SetWriteDeadline(deadline time.Time) error {
	w.conn.writeArmed = time.Time{}
	return w.conn.socket.SetWriteDeadline(deadline)
}

// finish sends the rest of the answer after the handler has returned.
func (w *response) finish() error {
	w.WriteHeader(http.StatusOK)
	if !w.isSent {
		if w.length < 0 && hasBody(w.status) && (w.request.Method != http.MethodHead || w.written > 0) {
			w.length = w.written
			w.header["Content-Length"] = []string{strconv.FormatInt(w.written, 10)}
		}
		w.appendHeadBefore()
	}
	if w.isChunked && w.request.Method != http.MethodHead {
		w.buffer = append(w.buffer, "0\r\n\r\n"...)
	}
	w.flush()
	if w.length > w.written && w.request.Method != http.MethodHead && hasBody(w.status) {
		return io.ErrUnexpectedEOF // the client must not take the part for all
	}
	return w.err
}

// appendHeadBefore puts the header fields before the body that is held back.
func (w *response) appendHeadBefore() {
	if len(w.buffer) == 0 {
		w.appendHead()
		return
	}
	held := append([]byte(nil), w.buffer...)
	w.buffer = w.buffer[:0]
	w.appendHead()
	w.append(held)
}

// appendHead appends status line and header fields.
func (w *response) appendHead() {
	w.isSent = true
	w.settleConnection()
	b := append(w.buffer, "HTTP/1.1 "...)
	b = strconv.AppendInt(b, int64(w.status), 10)
	b = append(b, ' ')
	b = append(b, http.StatusText(w.status)...)
	b = append(b, "\r\n"...)
	for name, values := range w.header {
		if !httpguts.ValidHeaderFieldName(name) {
			continue // as net/http does; it might contain a line break
		}
		for _, value := range values {
			b = append(b, name...)
			b = append(b, ": "...)
			b = appendValue(b, value)
			b = append(b, "\r\n"...)
		}
	}
	b = append(b, "Date: "...)
	b = append(b, date()...)
	switch {
	case w.isChunked:
		b = append(b, "\r\nTransfer-Encoding: chunked"...)
	case w.closes:
	case !w.request.ProtoAtLeast(1, 1):
		b = append(b, "\r\nConnection: keep-alive"...)
	}
	if w.closes {
		b = append(b, "\r\nConnection: close"...)
	}
	w.buffer = append(b, "\r\n\r\n"...)
}

// settleConnection decides whether the connection is kept, and how the end of the
// body is marked.
func (w *response) settleConnection() {
	w.closes = w.closes || w.conn.server.draining.Load()
	for _, value := range w.header["Connection"] {
		w.closes = w.closes || strings.EqualFold(value, "close")
	}
	delete(w.header, "Connection")
	delete(w.header, "Transfer-Encoding")
	delete(w.header, "Date")
	if w.body != nil {
		w.body.answerBegins()
	}
	if !w.closes && !w.bodyIsRead() && !w.body.discard() {
		w.closes = true
	}
	if !hasBody(w.status) {
		delete(w.header, "Content-Length")
		if w.status == http.StatusNotModified {
			delete(w.header, "Content-Type") // as net/http does
		}
		return
	}
	if w.length < 0 && w.request.Method != http.MethodHead {
		if w.request.ProtoAtLeast(1, 1) {
			w.isChunked = true
		} else {
			w.closes = true
		}
	}
}

// appendValue appends the value of a header field. A line break would begin another
// field; it becomes a space, as in net/http.
func appendValue(b []byte, value string) []byte {
	if strings.IndexByte(value, '\r') < 0 && strings.IndexByte(value, '\n') < 0 {
		return append(b, value...)
	}
	return append(b, strings.NewReplacer("\r", " ", "\n", " ").Replace(value)...)
}

// hasBody reports whether answers of a status have a body (RFC 9110, 6.4.1).
func hasBody(status int) bool {
	return status >= http.StatusOK && status != http.StatusNoContent && status != http.StatusNotModified
}

// datedSecond is a second with its text.
type datedSecond struct {
	second int64
	text   string
}

var lastDate atomic.Pointer[datedSecond]

// date returns the value of Date (RFC 9110, 6.6.1).
func date() string {
	now := time.Now()
	if last := lastDate.Load(); last != nil && last.second == now.Unix() {
		return last.text
	}
	dated := &datedSecond{now.Unix(), now.UTC().Format(http.TimeFormat)}
	lastDate.Store(dated)
	return dated.text
}
