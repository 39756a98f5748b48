package serve

import (
	"bytes"
	"net"

	"dataservice/gateway/edge"
)

// refusingListener gives the refusals that net/http writes before any handler
// sees a request (a malformed request line, headers beyond all measure) the
// form of every other error: net/http has no hook for them, and writes them
// straight to the connection, in one piece and as no handler here does.
type refusingListener struct{ net.Listener }

func (l refusingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return refusingConn{tcp}, err
	}
	return conn, err
}

type refusingConn struct{ *net.TCPConn }

var (
	statusLine = []byte("HTTP/1.1 ")
	plainText  = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")
)

func (c refusingConn) Write(text []byte) (int, error) {
	at := len(statusLine)
	if len(text) < at+3 || (text[at] != '4' && text[at] != '5') || !bytes.HasPrefix(text, statusLine) {
		return c.TCPConn.Write(text)
	}
	head, _, found := bytes.Cut(text, plainText)
	if !found || bytes.Contains(head, []byte("\n")) {
		return c.TCPConn.Write(text)
	}
	if _, err := c.TCPConn.Write(edge.Refusal(string(text[at : at+3]))); err != nil {
		return 0, err
	}
	return len(text), nil
}
