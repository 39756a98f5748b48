package serve

import (
	"bytes"
	"sync/atomic"
)

// lengthWatch looks for a Content-Length in the data that a connection reads.
// net/http deletes that field if a request also has Transfer-Encoding, and keeps
// the connection. Such a request may be an attempt to smuggle another one through
// a proxy that evaluates Content-Length: the connection must be closed after the
// response (RFC 9112, 6.1).
//
// It looks at all lines, including those of bodies, so it may find a field that is
// not a header. The only effect is that the connection of a chunked request is
// closed. One goroutine calls read; given and answered may be used by any.
type lengthWatch struct {
	// line is the beginning of a line whose end was not read yet.
	line  []byte
	given atomic.Bool
	// answered reports whether data was written since the last read: what is read
	// next belongs to another request.
	answered atomic.Bool
}

var lengthField = []byte("content-length")

// read looks at data that was read.
func (w *lengthWatch) read(text []byte) {
	if w.answered.Swap(false) {
		w.given.Store(false)
	}
	for len(text) > 0 {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		if room := len(lengthField) - len(w.line); room > 0 {
			w.line = append(w.line, line[:min(len(line), room)]...)
		}
		if bytes.EqualFold(w.line, lengthField) {
			w.given.Store(true)
		}
		if ended {
			w.line = w.line[:0]
		}
		text = rest
	}
}
