package http1

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"dataservice/gateway/edgetest"
)

// Large heads hold memory of a budget until the answer; what is beyond it gets 503.
func TestLargeHeadsAreCounted(t *testing.T) {
	const most = 200 << 10
	var held, peak atomic.Int64
	_, address := start(t, func(http.ResponseWriter, *http.Request) {}, func(s *Server) {
		s.HeadBytes, s.HeadTimeout = 64<<10, time.Second
		s.Reserve = func(_ net.Addr, bytes int) bool {
			now := held.Add(int64(bytes))
			if now > most {
				held.Add(-int64(bytes))
				return false
			}
			peak.Store(max(peak.Load(), now))
			return true
		}
		s.Release = func(_ net.Addr, bytes int) { held.Add(-int64(bytes)) }
	})
	part := "GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + strings.Repeat("x", 40<<10)
	for range 3 {
		socket := dial(t, address)
		go fmt.Fprint(socket, part)
		text, _ := io.ReadAll(io.LimitReader(socket, 12))
		if len(text) > 0 && string(text) != "HTTP/1.1 503" {
			t.Errorf("%q", text)
		}
		if len(text) > 0 {
			break
		}
	}
	if text := all(t, address, simple[:len(simple)-2]+"Connection: close\r\n\r\n"); !strings.HasPrefix(text, "HTTP/1.1 200") {
		t.Errorf("a small head: %q", text)
	}
	for end := time.Now().Add(15 * time.Second); held.Load() > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d bytes are held", held.Load())
		}
	}
	if peak.Load() < 40<<10 {
		t.Errorf("at most %d bytes were counted", peak.Load())
	}
	if text := all(t, address, part+"\r\nConnection: close\r\n\r\n"); !strings.HasPrefix(text, "HTTP/1.1 200") {
		t.Errorf("a large head alone: %.40q", text)
	}
}

// exhaustedListener fails a few times as accept(2) does without free file descriptors or
// memory.
type exhaustedListener struct {
	net.Listener
	failures []error
}

func (l *exhaustedListener) Accept() (net.Conn, error) {
	if len(l.failures) > 0 {
		err := l.failures[0]
		l.failures = l.failures[1:]
		return nil, &net.OpError{Op: "accept", Err: err}
	}
	return l.Listener.Accept()
}

func TestAcceptGoesOnAfterFailures(t *testing.T) {
	s, _ := start(t, func(http.ResponseWriter, *http.Request) {})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	failures := []error{syscall.ENOBUFS, syscall.ENOMEM, syscall.EPERM, errors.New("another")}
	for range 8 {
		failures = append(failures, syscall.EMFILE)
	}
	go s.Serve(&exhaustedListener{listener, failures}) //nolint:errcheck // ends with Close
	began := time.Now()
	text := all(t, listener.Addr().String(), "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	if !strings.HasPrefix(text, "HTTP/1.1 200") || time.Since(began) > 6*time.Second {
		t.Errorf("%q after %s", text, time.Since(began))
	}
}

// A client that receives nothing does not delay the end of the server: the message that
// closes TLS waits for up to five seconds, for one connection after the other.
func TestCloseWaitsForNoClientOfTLS(t *testing.T) {
	began := make(chan bool, 3)
	s, _ := start(t, func(w http.ResponseWriter, _ *http.Request) {
		began <- true
		for {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	authority := edgetest.NewAuthority(t, "authority")
	certificate, key, _ := authority.Issue(t.TempDir(), "gateway")
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}})) //nolint:errcheck // ends with Close
	for range 3 {
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{RootCAs: authority.Pool(), ServerName: "127.0.0.1"})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, simple)
		<-began
	}
	time.Sleep(200 * time.Millisecond)
	start := time.Now()
	s.Close()
	if took := time.Since(start); took > time.Second {
		t.Errorf("Close took %s", took)
	}
}
