package http1

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// start serves a handler, and returns the address.
func start(t *testing.T, handler http.HandlerFunc, change ...func(*Server)) (*Server, string) {
	t.Helper()
	s := &Server{
		Handler: handler, HeadBytes: 16 << 10, LineBytes: 4 << 10,
		Refusal: func(status int) []byte {
			return fmt.Appendf(nil, "HTTP/1.1 %d Refused\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status)
		},
		Log:         slog.New(slog.DiscardHandler),
		HeadTimeout: 5 * time.Second, ReadTimeout: 5 * time.Second, WriteTimeout: 5 * time.Second, IdleTimeout: 5 * time.Second,
	}
	for _, f := range change {
		f(s)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(listener) //nolint:errcheck // ends with Close
	t.Cleanup(s.Close)
	return s, listener.Addr().String()
}

func dial(t *testing.T, address string) net.Conn {
	t.Helper()
	socket, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	_ = socket.SetDeadline(time.Now().Add(10 * time.Second))
	return socket
}

// read returns the next response and its body.
func read(t *testing.T, reader *bufio.Reader, verb string) (*http.Response, string) {
	t.Helper()
	response, err := http.ReadResponse(reader, &http.Request{Method: verb})
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return response, string(text)
}

func TestClientsThatLeaveCancelTheContext(t *testing.T) {
	for _, pipelined := range []string{"", "GET /next HTTP/1.1\r\nHost: x\r\n\r\n"} {
		began, ended := make(chan bool), make(chan error, 1)
		_, address := start(t, func(_ http.ResponseWriter, r *http.Request) {
			close(began)
			select {
			case <-r.Context().Done():
				ended <- nil
			case <-time.After(5 * time.Second):
				ended <- errors.New("the context goes on")
			}
			panic(http.ErrAbortHandler)
		})
		socket := dial(t, address)
		fmt.Fprint(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", pipelined)
		<-began
		socket.Close()
		if err := <-ended; err != nil {
			t.Errorf("with %q after it: %v", pipelined, err)
		}
	}
}

func TestAHandlerThatAbortsClosesTheConnection(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "part")
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	})
	socket := dial(t, address)
	fmt.Fprint(socket, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(socket), nil)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(response.Body); string(text) != "part" || err == nil {
		t.Errorf("%q, %v", text, err)
	}
}

func TestTimeouts(t *testing.T) {
	_, address := start(t, func(http.ResponseWriter, *http.Request) {}, func(s *Server) {
		s.HeadTimeout, s.IdleTimeout = 100*time.Millisecond, 100*time.Millisecond
	})
	const request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, text := range map[string]string{"connected": "", "part": request[:10], "second part": request + request[:10], "idle": request} {
		socket := dial(t, address)
		fmt.Fprint(socket, text)
		began := time.Now()
		if _, err := io.ReadAll(socket); err != nil || time.Since(began) > 3*time.Second {
			t.Errorf("%s: %v after %s", name, err, time.Since(began))
		}
	}
	// A client that sends slowly, but each request in time, is served.
	socket := dial(t, address)
	reader := bufio.NewReader(socket)
	for range 20 {
		fmt.Fprint(socket, request[:10])
		time.Sleep(20 * time.Millisecond)
		fmt.Fprint(socket, request[10:])
		read(t, reader, "GET")
	}
}

func TestShutdown(t *testing.T) {
	began, finish := make(chan bool), make(chan bool)
	s, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(began)
			<-finish
		}
	})
	idle, silent, busy := dial(t, address), dial(t, address), dial(t, address)
	fmt.Fprint(idle, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	read(t, bufio.NewReader(idle), "GET")
	fmt.Fprint(busy, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
	<-began
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := s.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with a request at work: %v", err)
	}
	for name, socket := range map[string]net.Conn{"idle": idle, "silent": silent} {
		if text, err := io.ReadAll(socket); err != nil || len(text) > 0 {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if socket, err := net.Dial("tcp", address); err == nil {
		socket.Close()
		t.Error("the listener is open")
	}
	close(finish)
	if response, _ := read(t, bufio.NewReader(busy), "GET"); response.StatusCode != 200 || !response.Close {
		t.Errorf("the request at work: %s, close %v", response.Status, response.Close)
	}
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLargeHeadsAndPipelines(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		fmt.Fprint(w, len(r.Header.Get("X-Large")), len(text))
	})
	socket := dial(t, address)
	var requests strings.Builder
	for i := range 50 {
		size := (i * 997) % 12000
		fmt.Fprintf(&requests, "POST / HTTP/1.1\r\nHost: x\r\nX-Large: %s\r\nContent-Length: %d\r\n\r\n%s",
			strings.Repeat("h", size), size, strings.Repeat("b", size))
	}
	go func() {
		for text := requests.String(); text != ""; {
			n := min(len(text), 1+len(text)%3000)
			fmt.Fprint(socket, text[:n])
			text = text[n:]
		}
	}()
	reader := bufio.NewReader(socket)
	for i := range 50 {
		size := (i * 997) % 12000
		if _, text := read(t, reader, "POST"); text != fmt.Sprint(size, size) {
			t.Fatalf("request %d: %q", i, text)
		}
	}
}

func TestTooLarge(t *testing.T) {
	_, address := start(t, func(http.ResponseWriter, *http.Request) {})
	for want, text := range map[int]string{
		http.StatusRequestURITooLong:           "GET /" + strings.Repeat("x", 1<<20) + " HTTP/1.1\r\nHost: x\r\n\r\n",
		http.StatusRequestHeaderFieldsTooLarge: "GET / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", 1<<20) + "\r\n\r\n",
		http.StatusNotImplemented:              "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
		http.StatusExpectationFailed:           "POST / HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\n\r\n",
		http.StatusHTTPVersionNotSupported:     "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
		http.StatusBadRequest:                  "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
	} {
		socket := dial(t, address)
		go fmt.Fprint(socket, text)
		reader := bufio.NewReader(socket)
		if response, _ := read(t, reader, "GET"); response.StatusCode != want || !response.Close {
			t.Errorf("%d: %s, close %v", want, response.Status, response.Close)
		}
		if rest, err := io.ReadAll(reader); len(rest) > 0 || err != nil {
			t.Errorf("%d: %q follows, %v", want, rest, err)
		}
	}
}

// A request whose body may end in two places must not leave a connection behind that
// reads the rest of it as a request (RFC 9112, 6.1).
func TestAmbiguousBodies(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%s", text)
	})
	const chunks = "3\r\nabc\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
	for text, want := range map[string]int{
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n":          200,
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n":          200,
		"POST / HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n":     400,
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n": 501,
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: \x0bchunked\r\n\r\n":                           400,
		"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity, chunked\r\n\r\n":                     501,
	} {
		socket := dial(t, address)
		fmt.Fprint(socket, text, chunks)
		reader := bufio.NewReader(socket)
		response, body := read(t, reader, "POST")
		if response.StatusCode != want || !response.Close || (want == 200 && body != "abc") {
			t.Errorf("%q: %s %q, close %v", text, response.Status, body, response.Close)
		}
		if rest, _ := io.ReadAll(reader); len(rest) > 0 {
			t.Errorf("%q: %q follows", text, rest)
		}
	}
}
