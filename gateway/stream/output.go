package stream

import (
	"errors"
	"net/http"

	"dataservice/gateway/coding"
	"dataservice/gateway/limits"
)

// chooseCoding returns the coding of an export, which the client accepts, and sets the headers
// that follow from it. An export is not compressed if there is no memory for that.
func (x *exchange) chooseCoding() coding.Coding {
	if !x.Compress {
		return coding.Identity
	}
	h := x.writer.Header()
	coding.Vary(h)
	chosen := coding.Negotiate(x.http.Header["Accept-Encoding"])
	if chosen == coding.Identity || !x.held.Hold(limits.CodingBytes) {
		return coding.Identity
	}
	h.Set("Content-Encoding", string(chosen))
	return chosen
}

// output returns where the rows of an export are written to.
func (x *exchange) output(chosen coding.Coding) coding.Writer {
	plain := &connection{x.writer, x.control}
	if chosen == coding.Identity {
		return plain
	}
	return &compressed{coding.NewWriter(chosen, x.writer), plain}
}

// connection writes rows as they are.
type connection struct {
	http.ResponseWriter
	control *http.ResponseController
}

// Flush sends what was written.
func (c *connection) Flush() error { return c.control.Flush() }

// Close does nothing: the server ends the response.
func (c *connection) Close() error { return nil }

// compressed writes rows in a content coding.
type compressed struct {
	coding.Writer
	connection *connection
}

// Flush sends what was written, so that the client can read it.
func (c *compressed) Flush() error { return errors.Join(c.Writer.Flush(), c.connection.Flush()) }
