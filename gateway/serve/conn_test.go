package serve

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"dataservice/gateway/edgetest"
)

func TestMalformedRequestsGetProblemsToo(t *testing.T) {
	p := start(t, newFake(t).Address)
	for name, request := range map[string]string{
		"escape":            "GET /item/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
		"no_host":           "GET /item HTTP/1.1\r\n\r\n",
		"header":            "GET /item HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
		"version":           "GET /item HTTP/7.1\r\nHost: x\r\n\r\n",
		"transfer_encoding": "POST /item HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
		"content_length":    "POST /item HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
		"two_lengths":       "POST /item HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
		"long_path":         "GET /item/" + strings.Repeat("x", 2000000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
		"chunk": "POST /item HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
			"Transfer-Encoding: chunked\r\n\r\nnonsense\r\n",
		"expectation": "POST /item HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nContent-Length: 2\r\n\r\n{}",
		"short_body":  "POST /item HTTP/1.0\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: x\r\n\r\n{}",
	} {
		t.Run(name, func(t *testing.T) {
			edgetest.GoldenResponse(t, name+".http", p.raw(request))
		})
	}
	response := p.raw("GET /item/" + strings.Repeat("x", 1000000) + " HTTP/1.1\r\nHost: x\r\n\r\n")
	if response.StatusCode != 414 {
		t.Errorf("a path of 1,000,000 characters: %d", response.StatusCode)
	}
	if response = p.raw("GET /item/1 HTTP/1.1\r\nHost: x\r\n\r\n"); response.StatusCode != 200 {
		t.Errorf("afterwards: %d", response.StatusCode)
	}
}

// A request is rejected on a connection that already served others, too, even if
// both arrived together.
func TestMalformedRequestsAfterOthers(t *testing.T) {
	p := start(t, newFake(t).Address)
	const good = "GET /item/1 HTTP/1.1\r\nHost: x\r\n\r\n"
	for name, bad := range map[string]string{
		"header":      "GET /item HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n",
		"expectation": "POST /item HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nContent-Length: 2\r\n\r\n{}",
	} {
		for _, pause := range []time.Duration{0, 20 * time.Millisecond} {
			t.Run(fmt.Sprint(name, pause), func(t *testing.T) {
				conn, err := net.Dial("tcp", p.address)
				if err != nil {
					t.Fatal(err)
				}
				defer conn.Close()
				_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
				reader := bufio.NewReader(conn)
				if pause == 0 {
					_, _ = io.WriteString(conn, good+good+bad)
				}
				for range 2 {
					if pause > 0 {
						_, _ = io.WriteString(conn, good)
					}
					response, err := http.ReadResponse(reader, nil)
					if err != nil || response.StatusCode != 200 {
						t.Fatal(response, err)
					}
					_, _ = io.Copy(io.Discard, response.Body)
				}
				if pause > 0 {
					time.Sleep(pause)
					_, _ = io.WriteString(conn, bad)
				}
				response, err := http.ReadResponse(reader, nil)
				if err != nil {
					t.Fatal(err)
				}
				edgetest.GoldenResponse(t, name+".http", response)
				if rest, _ := io.ReadAll(reader); len(rest) > 0 {
					t.Errorf("%q follows", rest)
				}
			})
		}
	}
}

// The edge answers OPTIONS *.
func TestOtherResponsesOfTheHTTPServer(t *testing.T) {
	p := start(t, newFake(t).Address)
	response := p.raw("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
	if response.StatusCode != 200 || response.ContentLength != 0 || response.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("OPTIONS *: %s %v", response.Status, response.Header)
	}
}

func TestSlowClientsAreLeft(t *testing.T) {
	p := start(t, newFake(t).Address, "--read_timeout=100ms")
	response := p.raw("POST /item HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{")
	edgetest.GoldenResponse(t, "slow_body.http", response)

	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(conn, "GET /item HTTP/1.1\r\nHost: x\r\nX-Slow: ")
	if text, err := io.ReadAll(conn); err != nil { // until it is closed
		t.Errorf("slow headers: %q, %v", text, err)
	}
}

// The timeout of a body applies to routes without a body, too.
func TestSlowBodiesThatNobodyNeeds(t *testing.T) {
	fake := newFake(t)
	p := start(t, fake.Address, "--read_timeout=300ms")
	for name, request := range map[string]string{
		"GET":     "GET /item/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
		"DELETE":  "DELETE /item/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1",
		"chunked": "DELETE /item/1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n",
		"export":  "GET /item:export HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
	} {
		response := p.raw(request)
		if response.StatusCode != http.StatusRequestTimeout || !response.Close {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	if last := fake.Last(); last != nil {
		t.Errorf("the server was asked %s", last.Method)
	}
	response := p.raw("DELETE /item/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
	if response.StatusCode != http.StatusNoContent {
		t.Errorf("a body in time: %s", response.Status)
	}
	response = p.raw("DELETE /item/1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n")
	if response.StatusCode != http.StatusBadRequest {
		t.Errorf("a broken body: %s", response.Status)
	}
}

// A request with two lengths may be smuggled through a proxy (RFC 9112, 6.1).
func TestTwoLengthsEndTheConnection(t *testing.T) {
	p := start(t, newFake(t).Address)
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	reader := bufio.NewReader(conn)
	send := func(parts ...string) *http.Response {
		t.Helper()
		for i, part := range parts {
			if i > 0 {
				time.Sleep(20 * time.Millisecond)
			}
			_, _ = io.WriteString(conn, part)
		}
		response, err := http.ReadResponse(reader, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		return response
	}
	const start, chunks = "POST /item HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n", "2\r\n{}\r\n0\r\n\r\n"
	for range 2 {
		if response := send(start + "Content-Length: 2\r\n\r\n{}"); response.Close || response.StatusCode != 200 {
			t.Fatalf("one length: %s, close %v", response.Status, response.Close)
		}
		if response := send(start + "Transfer-Encoding: chunked\r\n\r\n" + chunks); response.Close || response.StatusCode != 200 {
			t.Fatalf("chunked: %s, close %v", response.Status, response.Close)
		}
	}
	// The headers arrive in several parts.
	response := send(start+"content-LEN", "gth: 2\r\nTransfer-Enc", "oding: chunked\r\n\r\n"+chunks)
	if !response.Close || response.StatusCode != 200 {
		t.Errorf("both: %s, close %v", response.Status, response.Close)
	}
	if _, err := reader.ReadByte(); err != io.EOF {
		t.Errorf("afterwards: %v", err)
	}
}
