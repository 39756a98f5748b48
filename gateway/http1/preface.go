package http1

import (
	"bufio"
	"net"
	"strings"
	"time"
)

// preface is what a client of HTTP/2 sends first (RFC 9113, 3.4).
const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

// handOver gives a connection that begins with the preface of HTTP/2 to Server.HTTP2, and
// reports whether it did. The first byte was received.
func (c *conn) handOver() bool {
	if c.server.HTTP2 == nil {
		return false
	}
	for {
		text, _ := c.reader.Peek(min(c.reader.Buffered(), len(preface)))
		if !strings.HasPrefix(preface, string(text)) {
			return false
		}
		if len(text) == len(preface) {
			break
		}
		if _, err := c.reader.Peek(len(text) + 1); err != nil {
			return false
		}
	}
	_ = c.socket.SetDeadline(time.Time{})
	c.handedOver = true
	c.server.HTTP2(&buffered{c.socket, c.reader})
	return true
}

// buffered is a connection of which a part was read already.
type buffered struct {
	net.Conn
	reader *bufio.Reader
}

func (b *buffered) Read(text []byte) (int, error) { return b.reader.Read(text) }
