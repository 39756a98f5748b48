package serve

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	frames "golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

const (
	floodTime  = time.Second
	floodConns = 4
	// floodGet is the longest time of a request of another client. It was 0.7 s at most, on two
	// cores, most of whose time the flood itself took.
	// floodMemory is how much more memory the gateway, the flood and the fake server, which
	// are one process here, may use.
	floodMemory = 300 << 20
	floodGet    = 3 * time.Second
)

// flooder is a connection of HTTP/2 whose frames a test makes.
type flooder struct {
	conn   *tls.Conn
	framer *frames.Framer
	head   []byte
	stream uint32
}

func (s *secureProcess) flooder(t *testing.T, reads bool) *flooder {
	t.Helper()
	conn, err := s.dial(&tls.Config{NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	var head bytes.Buffer
	encoder := hpack.NewEncoder(&head)
	for _, field := range []hpack.HeaderField{
		{Name: ":method", Value: "GET"}, {Name: ":scheme", Value: "https"},
		{Name: ":path", Value: "/item/1"}, {Name: ":authority", Value: s.address},
	} {
		field.Sensitive = true // no table: each request is the same bytes
		_ = encoder.WriteField(field)
	}
	f := &flooder{conn: conn, framer: frames.NewFramer(conn, conn), head: head.Bytes(), stream: 1}
	_, _ = io.WriteString(conn, frames.ClientPreface)
	_ = f.framer.WriteSettings()
	if reads {
		go io.Copy(io.Discard, conn) //nolint:errcheck // until the end
	}
	return f
}

// open sends the head of a request; end is without a body.
func (f *flooder) open(end bool) error {
	err := f.framer.WriteHeaders(frames.HeadersFrameParam{StreamID: f.stream, BlockFragment: f.head, EndHeaders: true, EndStream: end})
	f.stream += 2
	return err
}

// floods are what one connection sends again and again.
var floods = map[string]func(*flooder) error{
	"rapid reset": func(f *flooder) error {
		_ = f.open(true)
		return f.framer.WriteRSTStream(f.stream-2, frames.ErrCodeCancel)
	},
	"ping": func(f *flooder) error { return f.framer.WritePing(false, [8]byte{}) },
	"settings": func(f *flooder) error {
		return f.framer.WriteSettings(frames.Setting{ID: frames.SettingMaxFrameSize, Val: 16384})
	},
	"window update": func(f *flooder) error { return f.framer.WriteWindowUpdate(0, 1) },
	"priority": func(f *flooder) error {
		return f.framer.WritePriority(1, frames.PriorityParam{StreamDep: 3})
	},
	"empty data": func(f *flooder) error {
		if f.stream == 1 {
			_ = f.open(false)
		}
		return f.framer.WriteData(1, false, nil)
	},
	"continuation": func(f *flooder) error {
		if f.stream == 1 {
			_ = f.framer.WriteHeaders(frames.HeadersFrameParam{StreamID: f.stream, BlockFragment: f.head})
			f.stream += 2
		}
		var text bytes.Buffer
		_ = hpack.NewEncoder(&text).WriteField(hpack.HeaderField{Name: "x-large", Value: strings.Repeat("~", 8000), Sensitive: true})
		return f.framer.WriteContinuation(1, false, text.Bytes())
	},
}

// Floods of frames, by clients that receive the answers and by clients that do not, neither
// stop the requests of others nor take much memory.
func TestFloodsOfFrames(t *testing.T) {
	for name, send := range floods {
		for _, reads := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", read", false: ", not read"}[reads], func(t *testing.T) {
				s := startSecure(t, newFake(t).Address)
				var sent, closed atomic.Int64
				var flood sync.WaitGroup
				end := time.Now().Add(floodTime)
				for range floodConns {
					f := s.flooder(t, reads)
					flood.Go(func() {
						for time.Now().Before(end) {
							_ = f.conn.SetWriteDeadline(end)
							if send(f) != nil {
								if time.Now().Before(end) {
									closed.Add(1)
								}
								return
							}
							sent.Add(1)
						}
					})
				}
				slowest, most := s.watchOthers(t, end)
				flood.Wait()
				t.Logf("%d frames, %d of %d connections closed, slowest GET %s, %d MB", sent.Load(), closed.Load(), floodConns,
					slowest.Round(time.Millisecond), most>>20)
				if slowest > floodGet || most > floodMemory {
					t.Errorf("a GET took %s, and memory grew by %d MB", slowest, most>>20)
				}
				if _, took := s.timedGet(t); took > floodGet {
					t.Errorf("a GET after the flood took %s", took)
				}
			})
		}
	}
}

// watchOthers sends requests until the end, and returns the longest time and how much
// memory was used.
func (s *secureProcess) watchOthers(t *testing.T, end time.Time) (slowest time.Duration, most uint64) {
	t.Helper()
	client := s.client(true, false)
	before := memory()
	for time.Now().Before(end) {
		began := time.Now()
		response, err := client.Get("https://" + s.address + "/item/1")
		if err != nil {
			t.Error(err)
			continue
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Error(response.Status)
		}
		slowest = max(slowest, time.Since(began))
		if now := memory(); now > before {
			most = max(most, now-before)
		}
		time.Sleep(20 * time.Millisecond)
	}
	return slowest, most
}

func (s *secureProcess) timedGet(t *testing.T) (*http.Response, time.Duration) {
	t.Helper()
	began := time.Now()
	response, err := s.client(true, true).Get("https://" + s.address + "/item/1")
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response, time.Since(began)
}

// memory returns the bytes that the process uses.
func memory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse + m.StackInuse
}

// Answers for which a client opens no window (RFC 9113, 6.9) are given up.
func TestStreamsWithoutAWindow(t *testing.T) {
	s := startSecure(t, newFake(t).Address, "--max_bytes_in_flight=16777216")
	f := s.flooder(t, true)
	_ = f.framer.WriteSettings(frames.Setting{ID: frames.SettingInitialWindowSize, Val: 0})
	for range 1000 {
		if f.open(true) != nil {
			break
		}
	}
	if response, took := s.timedGet(t); response.StatusCode != http.StatusOK || took > floodGet {
		t.Errorf("%s after %s", response.Status, took)
	}
}
