package http1

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"time"

	"golang.org/x/net/http/httpguts"

	"dataservice/gateway/limits"
)

// head is what http.ReadRequest does not report about the header fields of a request.
type head struct {
	// hosts is the number of Host fields.
	hosts     int
	hasLength bool
	// hasEncoding reports a Transfer-Encoding, and hasUnknownEncoding one that is not
	// "chunked" alone.
	hasEncoding, hasUnknownEncoding bool
}

// waitForHead reads until the reader has the entire head of a request buffered, so
// that http.ReadRequest does not wait for more. A head that is rejected has a status; an
// error is one of the connection.
func (c *conn) waitForHead(begun time.Time) (int, error) {
	searched := 0
	for {
		text, _ := c.reader.Peek(c.reader.Buffered())
		// The end may lie across the border of what was searched before.
		if hasEnd(text[max(searched-len("\r\n\r\n"), 0):]) {
			return 0, nil
		}
		if searched == 0 {
			c.setRead(begun.Add(c.server.HeadTimeout))
		}
		searched = len(text)
		if searched >= c.server.HeadBytes {
			return c.tooLarge(), nil
		}
		if searched == c.reader.Size() && !c.growReader() {
			return http.StatusServiceUnavailable, nil
		}
		if _, err := c.reader.Peek(searched + 1); err != nil {
			return 0, err
		}
	}
}

// growReader continues with a buffer of twice the size: the memory of a connection
// stays in proportion to what its client has sent. It returns false if the server has no
// memory for that.
func (c *conn) growReader() bool {
	size := min(2*c.reader.Size(), c.server.HeadBytes+1)
	if c.server.Reserve != nil && !c.server.Reserve(c.socket.RemoteAddr(), size) {
		return false
	}
	c.reserved += size
	text, _ := c.reader.Peek(c.reader.Buffered())
	buffered := bytes.Clone(text)
	c.reader = bufio.NewReaderSize(io.MultiReader(bytes.NewReader(buffered), c.socket), size)
	return true
}

// shrinkReader continues with a buffer of the usual size after a large head.
func (c *conn) shrinkReader() {
	if c.server.Release != nil {
		c.server.Release(c.socket.RemoteAddr(), c.reserved)
	}
	c.reader, c.reserved = bufio.NewReaderSize(c.socket, limits.ReaderBytes), 0
}

// hasEnd reports whether a text has the empty line that ends a head. Like net/http it
// accepts a line that ends without a carriage return.
func hasEnd(text []byte) bool {
	for {
		_, after, found := bytes.Cut(text, []byte("\n"))
		if !found {
			return false
		}
		if bytes.HasPrefix(after, []byte("\n")) || bytes.HasPrefix(after, []byte("\r\n")) {
			return true
		}
		text = after
	}
}

// inspect returns the facts of the head that is buffered.
func (c *conn) inspect() head {
	var h head
	text, _ := c.reader.Peek(c.reader.Buffered())
	_, text, _ = bytes.Cut(text, []byte("\n")) // the request line
	for {
		line, rest, found := bytes.Cut(text, []byte("\n"))
		if !found || len(line) == 0 || line[0] == '\r' {
			return h
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		switch {
		case equalFold(name, "Host"):
			h.hosts++
		case equalFold(name, "Content-Length"):
			h.hasLength = true
		case equalFold(name, "Transfer-Encoding"):
			h.hasUnknownEncoding = h.hasUnknownEncoding || h.hasEncoding || !equalFold(bytes.TrimSpace(value), "chunked")
			h.hasEncoding = true
		}
		text = rest
	}
}

func equalFold(text []byte, name string) bool {
	return len(text) == len(name) && strings.EqualFold(string(text), name)
}

// check returns the status with which a request is rejected that http.ReadRequest
// has accepted; 0 for none. The rules are those of http.Server, and that of RFC 9112 for
// HTTP/1.0 with a Transfer-Encoding.
func (h *head) check(r *http.Request) int {
	switch {
	case r.ProtoMajor != 1:
		return http.StatusHTTPVersionNotSupported
	case h.hosts > 1, h.hosts == 0 && r.ProtoAtLeast(1, 1) && r.URL.Host == "" && r.Method != http.MethodConnect,
		!httpguts.ValidHostHeader(r.Host):
		return http.StatusBadRequest // RFC 9112, 3.2
	case h.hasEncoding && !r.ProtoAtLeast(1, 1):
		return http.StatusBadRequest // RFC 9112, 6.1: the end of the body is not known
	}
	for name, values := range r.Header {
		if !httpguts.ValidHeaderFieldName(name) {
			return http.StatusBadRequest
		}
		for _, value := range values {
			if !httpguts.ValidHeaderFieldValue(value) {
				return http.StatusBadRequest
			}
		}
	}
	return 0
}
