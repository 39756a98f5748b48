package edge_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"dataservice/gateway/edge"
	"dataservice/gateway/header"
)

// raw sends header lines that net/http's client would not, and returns the response.
func (g *gateway) raw(verb, target string, lines ...string) *http.Response {
	g.t.Helper()
	conn, err := net.Dial("tcp", g.Listener.Addr().String())
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: own\r\n%s\r\n\r\n", verb, target, strings.Join(lines, "\r\n"))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { response.Body.Close() })
	return response
}

// known is the metadata of a request without any header.
var known = []string{
	":authority", "content-type", "grpc-accept-encoding", "response-json", "response-values", "user-agent",
	"x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-request-id",
}

// No spelling of a header becomes metadata that the gateway, gRPC or the engine sets.
func TestHeadersInDisguise(t *testing.T) {
	g := newGateway(t)
	names := []string{
		"response-json", "Response_Json", "response-values", "Grpc-Metadata-Authorization", "grpc-metadata-response-json",
		"X_Forwarded_For", "X-Forwarded_For", "x_request_id", "If_Match", "If-None_Match", "Idempotency_Key", "AUTHORIZATION_",
		"Grpc-Status", "grpc-encoding", "Grpc-Accept-Encoding", "grpc-tags-bin", "X-Trace-Bin", "Proxy-Authorization",
		"X-Forwarded-Client-Cert", "X-Client-Cert", "X-Ssl-Client-Cert", "X-Real-Ip", "True-Client-Ip", "X-Forwarded-User",
		"X-Forwarded-Prefix", "X-Original-Url", "X-Http-Method-Override", "X-Authenticated-User", "User", "Peer", "Caller",
	}
	for _, name := range names {
		response := g.raw("GET", "/item/1", name+": forged", "Connection: "+strings.ReplaceAll(name, "_", "-")+"-x")
		expectStatus(t, response, 200)
		md := g.Last().Metadata
		for key, values := range md {
			if !slices.Contains(known, key) || slices.Contains(values, "forged") {
				t.Errorf("%s: metadata %s: %q", name, key, values)
			}
		}
		if got := md.Get("x-forwarded-for"); !slices.Equal(got, []string{"127.0.0.1"}) {
			t.Errorf("%s: x-forwarded-for %q", name, got)
		}
	}
}

// Without a trusted proxy nothing that a client sends changes where it comes from.
func TestForwardingHeadersOfClients(t *testing.T) {
	lines := []string{
		"X-Forwarded-For: 192.0.2.1", "x-forwarded-for: 192.0.2.2", "X-Forwarded-Host: forged", "X-Forwarded-Proto: https",
		"Forwarded: for=192.0.2.1;host=forged;proto=https",
	}
	expect := func(g *gateway, address, host, proto string) {
		t.Helper()
		response := g.raw("GET", "/item/1", lines...)
		expectStatus(t, response, 200)
		md := g.Last().Metadata
		got := []string{md.Get("x-forwarded-for")[0], md.Get("x-forwarded-host")[0], md.Get("x-forwarded-proto")[0]}
		if !slices.Equal(got, []string{address, host, proto}) || len(md.Get("x-forwarded-for")) > 1 {
			t.Error(got)
		}
		if secured := response.Header.Get("Strict-Transport-Security") != ""; secured != (proto == "https") {
			t.Errorf("Strict-Transport-Security %v", secured)
		}
	}
	expect(newGateway(t), "127.0.0.1", "own", "http")
	for _, standard := range []bool{false, true} {
		address := map[bool]string{false: "192.0.2.2", true: "192.0.2.1"}[standard]
		expect(newGatewayWith(t, func(s *edge.Settings) {
			s.Proxies = header.Proxies{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Standard: standard}
		}), address, "forged", "https")
	}
}

// A header that Connection lists ends at the gateway; without it the request would be
// another one.
func TestHeadersThatConnectionLists(t *testing.T) {
	g := newGateway(t)
	for _, name := range []string{
		"Authorization", "If-Match", "if-none-match", "Idempotency-Key", "X-Forwarded-For", "x-request-id", "Content-Type",
		"Content-Length", "Host", "Grpc-Timeout",
	} {
		response := g.raw("DELETE", "/item/1", "If-Match: \"e1\"", "Connection: keep-alive,, "+name)
		expectStatus(t, response, 400)
		if body, _ := io.ReadAll(response.Body); !strings.Contains(string(body), http.CanonicalHeaderKey(name)) {
			t.Errorf("%s: %s", name, body)
		}
	}
	g.expectUnasked()
	expectStatus(t, g.raw("DELETE", "/item/1", "Connection: keep-alive, X-Own"), 204)
}

func TestTwoLinesOfOneHeader(t *testing.T) {
	g := newGateway(t)
	for _, lines := range [][]string{
		{"Authorization: Bearer a", "authorization: Bearer b"}, {"AUTHORIZATION: Bearer a", "Authorization: "},
		{"Idempotency-Key: a", "idempotency-key: a"},
	} {
		expectStatus(t, g.raw("DELETE", "/item/1", lines...), 400)
	}
	expectStatus(t, g.raw("DELETE", "/item/1", "Host: other"), 400)
	g.expectUnasked()
	expectStatus(t, g.raw("DELETE", "/item/1", "If-Match: \"a\"", "If-match: \"b\""), 204)
	if got := g.Last().Metadata.Get("if-match"); !slices.Equal(got, []string{`"a", "b"`}) {
		t.Errorf("if-match %q", got)
	}
}
