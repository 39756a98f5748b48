package http1

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// A connection of HTTP/2 is handed over with all that was read of it.
func TestThePrefaceOfHTTP2(t *testing.T) {
	handed := make(chan string, 1)
	_, address := start(t, func(http.ResponseWriter, *http.Request) {}, func(s *Server) {
		s.HTTP2 = func(c net.Conn) {
			defer c.Close()
			text := make([]byte, len(preface)+len("frames"))
			_, _ = io.ReadFull(c, text)
			handed <- string(text)
		}
	})
	for _, parts := range [][]string{{preface + "frames"}, {"P", "RI * HT", preface[8:], "frames"}} {
		socket := dial(t, address)
		for _, part := range parts {
			_, _ = socket.Write([]byte(part))
			time.Sleep(10 * time.Millisecond)
		}
		if got := <-handed; got != preface+"frames" {
			t.Errorf("%q", got)
		}
	}
	// Requests that begin like it, and the preface after a request.
	for _, text := range []string{"P / HTTP/1.0\r\n\r\n", "PRI /x HTTP/1.1\r\nHost: x\r\n\r\n", "PUT / HTTP/1.1\r\nHost: x\r\n\r\n"} {
		socket := dial(t, address)
		_, _ = socket.Write([]byte(text))
		if response, _ := read(t, bufio.NewReader(socket), "GET"); response.StatusCode != 200 {
			t.Errorf("%q: %d", text, response.StatusCode)
		}
	}
	socket := dial(t, address)
	_, _ = socket.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n" + preface))
	reader := bufio.NewReader(socket)
	read(t, reader, "GET")
	if response, _ := read(t, reader, "GET"); response.StatusCode < 400 {
		t.Errorf("the preface after a request: %d", response.StatusCode)
	}
	select {
	case got := <-handed:
		t.Errorf("handed over: %q", got)
	default:
	}
}
