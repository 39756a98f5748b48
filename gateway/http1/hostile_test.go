package http1

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const simple = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"

// all sends a text and returns all that the server sends until it closes the connection.
func all(t *testing.T, address, text string) string {
	t.Helper()
	socket := dial(t, address)
	go io.WriteString(socket, text) //nolint:errcheck // the server may close before
	answer, _ := io.ReadAll(socket)
	return string(answer)
}

func TestPanicsEndOneConnection(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/panic" {
			_, _ = io.WriteString(w, "part")
			panic("fault")
		}
	})
	if text := all(t, address, "GET /panic HTTP/1.1\r\nHost: x\r\n\r\n"); text != "" {
		t.Errorf("%q", text)
	}
	socket := dial(t, address)
	fmt.Fprint(socket, simple)
	if response, _ := read(t, bufio.NewReader(socket), "GET"); response.StatusCode != 200 {
		t.Error(response.Status)
	}
}

func TestNamesOfHeadersCannotInject(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["A\r\nInjected"] = []string{"x"}
		w.Header().Set("Connection", "close")
	})
	if text := all(t, address, simple); strings.Contains(text, "Injected") || !strings.HasPrefix(text, "HTTP/1.1 200") {
		t.Errorf("%q", text)
	}
}

func TestNoContinueAfterTheAnswerBegan(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "answer")
		_ = http.NewResponseController(w).Flush()
		_, _ = io.ReadAll(r.Body)
	}, func(s *Server) { s.ReadTimeout = 200 * time.Millisecond })
	text := all(t, address, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
	if strings.Contains(text, "100 Continue") || !strings.Contains(text, "answer") {
		t.Errorf("%q", text)
	}
}

// A handler may have removed the read deadline and not read the body.
func TestUnreadBodiesDoNotHoldTheAnswer(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, _ *http.Request) {
		_ = http.NewResponseController(w).SetReadDeadline(time.Time{})
	}, func(s *Server) { s.ReadTimeout = 200 * time.Millisecond })
	text := all(t, address, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1")
	if !strings.HasPrefix(text, "HTTP/1.1 200") || !strings.Contains(text, "Connection: close") {
		t.Errorf("%q", text)
	}
}

// A client that is still sending when the answer comes, and slowly, receives the answer.
func TestAnswersBeforeTheEndOfABody(t *testing.T) {
	_, address := start(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) })
	conn := dial(t, address)
	const length = 8 << 20
	part := strings.Repeat("x", length/8)
	fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", length)
	for range 8 {
		if _, err := io.WriteString(conn, part); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
	}
	if response, _ := read(t, bufio.NewReader(conn), "POST"); response.StatusCode != 503 || !response.Close {
		t.Errorf("%v", response)
	}
}

// A goroutine that a handler leaves behind must not take the next request, nor change
// its deadlines without synchronization.
func TestBodiesEndWithTheirHandler(t *testing.T) {
	left := make(chan io.Reader, 1)
	var changes sync.WaitGroup
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		control := http.NewResponseController(w)
		changes.Go(func() { _ = control.SetReadDeadline(time.Now().Add(time.Minute)) })
		_ = control.SetReadDeadline(time.Now().Add(time.Minute))
		select {
		case left <- r.Body:
		default:
		}
	})
	socket := dial(t, address)
	reader := bufio.NewReader(socket)
	fmt.Fprint(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12345")
	read(t, reader, "POST")
	fmt.Fprint(socket, simple[:10])
	// The answer may arrive a moment before the body is closed, whose end was read.
	if n, err := (<-left).Read(make([]byte, 10)); n != 0 || !errors.Is(err, http.ErrBodyReadAfterClose) && !errors.Is(err, io.EOF) {
		t.Errorf("%d, %v", n, err)
	}
	fmt.Fprint(socket, simple[10:])
	if response, _ := read(t, reader, "GET"); response.StatusCode != 200 {
		t.Error(response.Status)
	}
	changes.Wait()
}

func TestAnswersThatNobodyReadsEnd(t *testing.T) {
	ended := make(chan error, 1)
	_, address := start(t, func(w http.ResponseWriter, _ *http.Request) {
		part := make([]byte, 1<<20)
		for range 100 {
			if _, err := w.Write(part); err != nil {
				ended <- err
				return
			}
		}
		ended <- nil
	}, func(s *Server) { s.WriteTimeout = 300 * time.Millisecond })
	fmt.Fprint(dial(t, address), simple)
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error(err)
	}
}

// Each request during Shutdown is answered once, or its connection ends without an answer
// and without a call of the handler; no body is cut off by the deadline of Shutdown.
func TestRequestsDuringShutdown(t *testing.T) {
	for round := range 20 {
		var handled, answered, cut atomic.Int64
		s, address := start(t, func(w http.ResponseWriter, r *http.Request) {
			handled.Add(1)
			if _, err := io.ReadAll(r.Body); err != nil {
				cut.Add(1)
			}
		})
		var clients sync.WaitGroup
		for range 50 {
			socket := dial(t, address)
			clients.Go(func() {
				reader := bufio.NewReader(socket)
				for {
					fmt.Fprint(socket, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n")
					fmt.Fprint(socket, "12345")
					response, err := http.ReadResponse(reader, nil)
					if err != nil {
						return
					}
					answered.Add(1)
					if response.Close {
						return
					}
				}
			})
		}
		time.Sleep(time.Duration(round) * time.Millisecond)
		if err := s.Shutdown(t.Context()); err != nil {
			t.Fatal(err)
		}
		clients.Wait()
		if handled.Load() != answered.Load() || cut.Load() > 0 {
			t.Errorf("%d handled, %d answered, %d bodies cut off", handled.Load(), answered.Load(), cut.Load())
		}
	}
}

// Shutdown may decide at the moment in which the first byte of a request arrives.
func TestAWokenConnectionServesNothing(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	s := &Server{HeadTimeout: time.Second}
	c := newConn(s, theirs, t.Context(), func() {})
	go func() {
		time.Sleep(50 * time.Millisecond)   // the connection waits
		c.began.CompareAndSwap(idle, woken) // as Shutdown does before it changes the deadline
		_, _ = ours.Write([]byte("G"))
	}()
	if c.waitForRequest(time.Second) {
		t.Error("the request is served with the deadline of Shutdown")
	}
}

// heap returns the memory in use.
func heap() int64 {
	var stats runtime.MemStats
	for range 3 {
		runtime.GC()
	}
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc + stats.StackInuse)
}

func TestMemoryOfConnections(t *testing.T) {
	const count = 200
	large := strings.Repeat("x", 15<<10)
	for name, text := range map[string]string{
		"part of a head": "GET / HTTP/1.1\r\nHost: x\r\nX: " + large[:5<<10],
		"idle":           simple,
	} {
		var served atomic.Int64
		_, address := start(t, func(w http.ResponseWriter, _ *http.Request) {
			defer served.Add(1)
			_, _ = io.WriteString(w, large)
		}, func(s *Server) { s.HeadBytes = 1 << 20 })
		before := heap()
		for range count {
			fmt.Fprint(dial(t, address), text)
		}
		for begin := time.Now(); name == "idle" && served.Load() < count && time.Since(begin) < 5*time.Second; {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(100 * time.Millisecond)
		if each := (heap() - before) / count; each > 32<<10 {
			t.Errorf("%s: %d bytes for each connection", name, each)
		}
	}
}

func TestClientsThatCloseAtEachByte(t *testing.T) {
	s, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(w, r.Body)
	})
	const text = simple + "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nabc\r\n0\r\nX: y\r\n\r\n" +
		"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc" + simple
	var clients sync.WaitGroup
	for size := range len(text) {
		socket := dial(t, address)
		clients.Go(func() {
			fmt.Fprint(socket, text[:size])
			if size%2 == 0 {
				_ = socket.(*net.TCPConn).CloseWrite()
				_, _ = io.Copy(io.Discard, socket)
			}
			socket.Close()
		})
	}
	clients.Wait()
	if err := s.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}

// What follows a request that is not well formed, or whose body may end in two places,
// is never served.
func TestSmuggling(t *testing.T) {
	var smuggled atomic.Int64
	_, address := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/smuggled" {
			smuggled.Add(1)
		}
		_, _ = io.ReadAll(r.Body)
	})
	const post, chunked, next = "POST / HTTP/1.1\r\nHost: x\r\n", "Transfer-Encoding: chunked\r\n\r\n", "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
	for _, text := range []string{
		post + "Content-Length: 3\r\nContent-Length: 0\r\n\r\n", post + "Content-Length: 0, 3\r\n\r\n",
		post + "Content-Length: 99999999999999999999\r\n\r\n", post + "Content-Length: 0x0\r\n\r\n", post + "Content-Length: -0\r\n\r\n",
		post + "Content-Length\r: 0\r\n\r\n", post + "\rContent-Length: 0\r\n\r\n", post + "Content-Length : 0\r\n\r\n",
		post + "X: a\rb\r\n\r\n", post + "X: a\x00b\r\n\r\n", post + "X\x00: a\r\n\r\n", post + "\r\r\n\r\n",
		post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", post + "Transfer-Encoding: chunked\r\n , identity\r\n\r\n0\r\n\r\n",
		post + "Transfer-Encoding: chunked\x00\r\n\r\n0\r\n\r\n", post + "Transfer\xc5\xbfEncoding : chunked\r\n\r\n",
		post + chunked + "0;a\n\r\n\r\n", post + chunked + "0\n\n", post + chunked + "\r\n0\r\n\r\n",
		post + chunked + "00000000000000000000000001\r\na\r\n0\r\n\r\n", post + chunked + "10000000000000000\r\na\r\n0\r\n\r\n",
		post + chunked + "+0\r\n\r\n", post + chunked + "0x0\r\n\r\n", post + chunked + "-1\r\n\r\n", post + chunked + "1\r\nab0\r\n\r\n",
		post + chunked + "0\r\nX y\r\n\r\n", post + chunked + " 0\r\n\r\n", post + chunked + "0;" + strings.Repeat("x", 10000) + "\r\n\r\n",
	} {
		before := smuggled.Load()
		answer := all(t, address, text+next)
		if smuggled.Load() != before {
			t.Errorf("%.200q: what follows is served: %.300q", text, answer)
		}
	}
}
