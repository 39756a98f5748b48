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
)

const aGet = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

// connect opens a connection from an address of this machine.
func (p *process) connect(from string) net.Conn {
	p.t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 5 * time.Second}
	conn, err := dialer.Dial("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	return conn
}

// answers reports whether a connection is served.
func answers(conn net.Conn) bool {
	fmt.Fprint(conn, aGet)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	return err == nil && response.StatusCode == 200
}

func (p *process) expect(from string, served bool) net.Conn {
	p.t.Helper()
	conn := p.connect(from)
	if answers(conn) != served {
		p.t.Errorf("a connection from %s is served: %v", from, !served)
	}
	return conn
}

func TestConnectionsOfOneClient(t *testing.T) {
	p := start(t, newFake(t).Address, "--max_connections=100", "--max_client_connections=3", "--trusted_proxy=127.0.0.9/32")
	var conns []net.Conn
	for range 3 {
		conns = append(conns, p.expect("127.0.0.1", true))
	}
	refused := p.connect("127.0.0.1")
	text, _ := io.ReadAll(refused)
	for _, part := range []string{"HTTP/1.1 503 ", "\r\nRetry-After: 1\r\n", "application/problem+json", "GATEWAY_OVERLOADED", "X-Request-Id"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("the refusal has no %q: %q", part, text)
		}
	}
	p.waitFor("connections_refused")
	p.expect("127.0.0.2", true)
	for range 5 {
		p.expect("127.0.0.9", true) // a proxy
	}
	conns[0].Close()
	time.Sleep(100 * time.Millisecond)
	p.expect("127.0.0.1", true)
}

func TestConnectionsInAll(t *testing.T) {
	p := start(t, newFake(t).Address, "--max_connections=4")
	for i := range 4 {
		p.expect(fmt.Sprintf("127.0.0.%d", 1+i/2), true) // one client has half
	}
	p.expect("127.0.0.3", false)
}

func TestConnectionsOfOneClientUnderTLS(t *testing.T) {
	s := startSecure(t, newFake(t).Address, "--max_client_connections=2")
	for range 2 {
		s.connect("127.0.0.1") // no handshake
	}
	time.Sleep(100 * time.Millisecond)
	if text, err := io.ReadAll(s.connect("127.0.0.1")); len(text) > 0 {
		t.Errorf("%q, %v", text, err)
	}
	if answers(s.connect("127.0.0.2")) { // in cleartext
		t.Error("cleartext is served")
	}
}
