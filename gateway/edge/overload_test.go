package edge_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"dataservice/gateway/admission"
	"dataservice/gateway/edge"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	"dataservice/gateway/limits"
)

// newLimitedGateway returns a gateway with this much memory, and what is held of it.
func newLimitedGateway(t *testing.T, bytes int64) (*gateway, *admission.Control) {
	t.Helper()
	control := admission.New(admission.Limits{Bytes: bytes, Calls: 64})
	return newGatewayWith(t, func(s *edge.Settings) { s.Admission = control }), control
}

func expectNothingHeld(t *testing.T, control *admission.Control) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); control.Held() > 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d bytes are held", control.Held())
		}
	}
}

// expectHeld waits until so many bytes are held for a tenth of a second. A busy machine takes
// seconds to get there.
func expectHeld(t *testing.T, control *admission.Control, least int64) {
	t.Helper()
	end := time.Now().Add(10 * time.Second)
	for calm := 0; calm < 20; time.Sleep(5 * time.Millisecond) {
		calm++
		if control.Held() < least {
			calm = 0
		}
		if time.Now().After(end) {
			t.Fatalf("%d bytes are held, not %d", control.Held(), least)
		}
	}
}

func expectOverloaded(t *testing.T, response *http.Response) {
	t.Helper()
	if response.StatusCode != 503 || response.Header.Get("Retry-After") == "" ||
		response.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%s %v", response.Status, response.Header)
	}
}

// pausingReader reads a text to its middle, and the rest when proceed returns.
type pausingReader struct {
	rest    *strings.Reader
	proceed func()
}

func (p *pausingReader) Read(to []byte) (int, error) {
	if half := p.rest.Size() / 2; int64(p.rest.Len()) > half {
		return p.rest.Read(to[:min(int64(len(to)), int64(p.rest.Len())-half)])
	}
	p.proceed()
	return p.rest.Read(to)
}

func TestBodiesBeyondTheMemory(t *testing.T) {
	g, control := newLimitedGateway(t, 32<<20) // 16 MB for one client
	body := `{"displayName":"` + strings.Repeat("x", 4<<20-18) + `"}`
	var served, refused atomic.Int32
	var all sync.WaitGroup
	// The halves of all bodies are more than the memory: one is refused before the rest comes.
	refusedOne := func() {
		for end := time.Now().Add(20 * time.Second); control.Snapshot(0).Refused == 0 && time.Now().Before(end); {
			time.Sleep(time.Millisecond)
		}
	}
	for range 30 {
		all.Go(func() {
			request, _ := http.NewRequest("POST", g.URL+"/item", &pausingReader{strings.NewReader(body), refusedOne})
			request.ContentLength = int64(len(body))
			request.Header.Set("Content-Type", "application/json")
			response, err := g.Client().Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			switch {
			case response.StatusCode == 200:
				served.Add(1)
			default:
				expectOverloaded(t, response)
				refused.Add(1)
			}
		})
	}
	all.Wait()
	if served.Load() == 0 || refused.Load() == 0 {
		t.Errorf("%d were served, %d refused", served.Load(), refused.Load())
	}
	expectNothingHeld(t, control)
	expectStatus(t, g.do("POST", "/item", body), 200)
	// Of the refusal, as clients see it.
	g, _ = newLimitedGateway(t, 8<<20)
	g.golden("errors/overloaded", "POST", "/item", body)
	expectStatus(t, g.do("GET", "/item/1", ""), 200)
}

func TestAnnouncedBodiesHoldNoMemory(t *testing.T) {
	g, control := newLimitedGateway(t, 32<<20)
	for range 100 {
		conn, err := net.Dial("tcp", g.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprint(conn, "POST /item HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n{")
	}
	time.Sleep(100 * time.Millisecond)
	if held := control.Held(); held > 100*limits.RequestBytes {
		t.Errorf("%d bytes are held", held)
	}
	expectStatus(t, g.do("GET", "/item/1", ""), 200)
}

// An element of 3 bytes is a message of some 100 bytes.
func TestBodiesOfManyValues(t *testing.T) {
	g, control := newLimitedGateway(t, 1<<30)
	for name, part := range map[string]string{"objects": "{},", "lists": "[],", "numbers": "1,"} {
		body := `{"displayName":[` + strings.TrimSuffix(strings.Repeat(part, (4<<20-100)/len(part)), ",") + `]}`
		began := time.Now()
		response := g.do("POST", "/item", body)
		expectStatus(t, response, 413)
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: %s", name, took)
		}
	}
	// Too deep is not too large.
	expectStatus(t, g.do("POST", "/item", strings.Repeat("[", 100000)), 400)
	// The same characters in a text are no values.
	expectStatus(t, g.do("POST", "/item", `{"displayName":"`+strings.Repeat(`{},\"[`, 600000)+`"}`), 200)
	g.Last()
	g.golden("errors/many_values", "POST", "/item", `[`+strings.Repeat("{},", 60000)+`{}]`)
	g.expectUnasked()
	expectNothingHeld(t, control)
}

// stalled sends a request and receives nothing of the answer.
func (g *gateway) stalled(t *testing.T, request string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", g.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	_ = conn.(*net.TCPConn).SetReadBuffer(4096)
	fmt.Fprint(conn, request)
	return conn
}

func TestAnswersThatNobodyReceives(t *testing.T) {
	g, control := newLimitedGateway(t, 64<<20)                          // 32 MB for one client
	g.AnswerWith(&depot.Item{Id: "1", Photo: make([]byte, 6<<20)}, nil) // 8 MB of JSON
	var conns []net.Conn
	for range 10 {
		conns = append(conns, g.stalled(t, "GET /item/1 HTTP/1.1\r\nHost: x\r\n\r\n"))
	}
	expectHeld(t, control, 24<<20) // three fit
	if held := control.Held(); held > 33<<20 {
		t.Errorf("%d MB are held", held>>20)
	}
	expectOverloaded(t, g.do("GET", "/item/1", ""))
	g.AnswerWith(&depot.Item{Id: "1"}, nil)
	expectStatus(t, g.do("GET", "/item/1", ""), 200)
	// What is not received is given up, long before the WriteTimeout of the server.
	began := time.Now()
	for control.Held() > 0 && time.Since(began) < 2*limits.AnswerPieceTime {
		time.Sleep(50 * time.Millisecond)
	}
	if control.Held() > 0 {
		t.Errorf("%d MB are held after %s", control.Held()>>20, time.Since(began))
	}
	for _, conn := range conns {
		conn.Close()
	}
}

func TestExportsBeyondTheMemory(t *testing.T) {
	g, control := newLimitedGateway(t, 32<<20) // 12 exports of one client
	stop := make(chan struct{})
	t.Cleanup(func() { close(stop) })
	g.Serve(func(stream grpc.ServerStream) error {
		_ = stream.RecvMsg(&depot.ExportItemsRequest{})
		for {
			select {
			case <-stop:
				return nil
			default:
			}
			var row proto.Message = &depot.Item{DisplayName: strings.Repeat("x", 100<<10)}
			if err := stream.SendMsg(row); err != nil {
				return err
			}
		}
	})
	var conns []net.Conn
	for range 12 {
		conns = append(conns, g.stalled(t, "GET /item:export HTTP/1.1\r\nHost: x\r\n\r\n"))
	}
	expectHeld(t, control, 16<<20-limits.StreamBytes) // no more has room
	for range 3 {
		conn := g.stalled(t, "GET /item:export HTTP/1.1\r\nHost: x\r\n\r\n")
		_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		response, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatal(err)
		}
		expectOverloaded(t, response)
		conn.Close()
	}
	expectStatus(t, g.do("GET", "/item/1", ""), 200)
	for _, conn := range conns {
		conn.Close()
	}
	expectNothingHeld(t, control)
}
