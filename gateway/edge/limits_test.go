package edge_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"

	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// endless returns a body of this length, generated while it is read.
func endless(length int64) io.Reader { return io.LimitReader(blanks{}, length) }

type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestABodyOf50MB(t *testing.T) {
	g := newGateway(t)
	const size = 50 << 20
	for _, chunked := range []bool{false, true} {
		t.Run(fmt.Sprintf("chunked=%v", chunked), func(t *testing.T) {
			request, _ := http.NewRequest("POST", g.URL+"/item", endless(size))
			request.Header.Set("Content-Type", "application/json")
			if !chunked {
				request.ContentLength = size
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			response, err := g.Client().Do(request)
			if err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			expectStatus(t, response, 413)
			response.Body.Close()
			if used := after.TotalAlloc - before.TotalAlloc; used > 40<<20 {
				t.Errorf("%d MB were allocated", used>>20)
			}
		})
	}
	g.expectUnasked()
}

// A client that sends Expect: 100-continue is refused before it sends the body.
func TestALargeBodyIsNotAskedFor(t *testing.T) {
	g := newGateway(t)
	conn, err := net.Dial("tcp", g.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /item HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"+
		"Content-Length: 50000000\r\nExpect: 100-continue\r\n\r\n")
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	expectStatus(t, response, 413)
}

func TestTheLargestBody(t *testing.T) {
	g := newGateway(t)
	body := `{"displayName":"` + strings.Repeat("x", 4<<20-18) + `"}`
	expectStatus(t, g.do("POST", "/item", body), 200)
	g.golden("errors/too_large", "POST", "/item", body+" ")
}

func TestLongTargets(t *testing.T) {
	g := newGateway(t)
	expectStatus(t, g.do("GET", "/item/"+strings.Repeat("x", 8<<10-6), ""), 200)
	g.Last()
	expectStatus(t, g.do("GET", "/item/"+strings.Repeat("x", 8<<10-5), ""), 414)
	expectStatus(t, g.do("GET", "/item?displayName="+strings.Repeat("x", 8<<10), ""), 414)
	g.golden("errors/long_target", "GET", "/item/"+strings.Repeat("x", 1000000), "")
	g.expectUnasked()
}

func TestLargeHeaders(t *testing.T) {
	g := newGateway(t)
	expectStatus(t, g.do("GET", "/item/1", "", "X-Large", strings.Repeat("x", 60<<10)), 200)
	g.Last()
	g.golden("errors/large_headers", "GET", "/item/1", "", "X-Large", strings.Repeat("x", 65<<10))
	many := make([]string, 0, 8000)
	for i := range 4000 {
		many = append(many, fmt.Sprintf("X-H-%d", i), "0123456789")
	}
	expectStatus(t, g.do("GET", "/item/1", "", many...), 431)
	g.expectUnasked()
}

// Headers that gRPC cannot carry are refused before the call.
func TestFloodsOfHeaders(t *testing.T) {
	g := newGateway(t)
	var flood []string
	for range 2200 {
		flood = append(flood, "Authorization", "a")
	}
	expectStatus(t, g.do("GET", "/item/1", "", flood...), 431)
	expectStatus(t, g.do("GET", "/item/1", "", flood[:4]...), 400)
	request, _ := http.NewRequest("GET", g.URL+"/item/1", nil)
	request.Host = strings.Repeat("h", 100000)
	response, err := g.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	expectStatus(t, response, 431)
	for _, name := range []string{"X-Forwarded-For", "If-None-Match"} {
		var lines []string
		for range 1200 {
			lines = append(lines, name, `"a"`)
		}
		expectStatus(t, g.do("PUT", "/item/1", `{"displayName":"x"}`, lines...), 200)
	}
	g.Last()
	g.expectUnasked()
}

func TestAnAnswerOfOver64MB(t *testing.T) {
	g := newGateway(t)
	g.AnswerWith(&depot.Item{Photo: make([]byte, 65<<20)}, nil)
	g.golden("errors/large_answer", "GET", "/item/1", "")
}
