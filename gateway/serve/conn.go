package serve

import (
	"bytes"
	"net"

	"dataservice/gateway/edge"
)

// watchedListener gives the refusals that net/http writes before any handler
// sees a request (a malformed request line, headers beyond all measure) the
// form of every other error: net/http has no hook for them, and writes them
// straight to the connection, in one piece and as no handler here does.
type watchedListener struct{ net.Listener }

func (l watchedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return &watchedConn{TCPConn: tcp}, err
	}
	return conn, err
}

// watchedConn is a connection of the listener.
type watchedConn struct {
	*net.TCPConn
	lengths lengthWatch
}

func (c *watchedConn) Read(text []byte) (int, error) {
	n, err := c.TCPConn.Read(text)
	c.lengths.read(text[:n])
	return n, err
}

var (
	statusLine = []byte("HTTP/1.1 ")
	// expectationFailed is what net/http answers to Expect with anything but
	// 100-continue, with headers and without a body; no handler does.
	expectationFailed = []byte("HTTP/1.1 417 ")
	plainText         = []byte("\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n")
)

func (c *watchedConn) Write(text []byte) (int, error) {
	c.lengths.answered.Store(true)
	at := len(statusLine)
	if len(text) < at+3 || (text[at] != '4' && text[at] != '5') || !bytes.HasPrefix(text, statusLine) {
		return c.TCPConn.Write(text)
	}
	head, _, found := bytes.Cut(text, plainText)
	refused := found && !bytes.Contains(head, []byte("\n"))
	if !refused && !bytes.HasPrefix(text, expectationFailed) {
		return c.TCPConn.Write(text)
	}
	if _, err := c.TCPConn.Write(edge.Refusal(string(text[at : at+3]))); err != nil {
		return 0, err
	}
	return len(text), nil
}
