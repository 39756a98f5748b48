package edge_test

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/prototext"
	"google.golang.org/protobuf/proto"

	"dataservice/gateway/edge"
	"dataservice/gateway/edgetest"
	"dataservice/gateway/gen/testdepot/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
	"dataservice/gateway/header"
	"dataservice/gateway/http1"
	"dataservice/gateway/limits"
	"dataservice/gateway/problem"
	"dataservice/gateway/upstream"
)

// requestTimeout is long enough for a busy machine that makes an answer of 65 MB.
const requestTimeout = 30 * time.Second

// gateway is an edge with a fake server.
type gateway struct {
	*edgetest.Fake
	// Listener is that of the edge, and URL its URL without a path.
	Listener net.Listener
	URL      string
	server   *http1.Server
	client   *http.Client
	edge     *edge.Edge
	t        *testing.T
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	return newGatewayWith(t, func(*edge.Settings) {})
}

// newGatewayWith is newGateway with settings of its own.
func newGatewayWith(t *testing.T, change func(*edge.Settings)) *gateway {
	t.Helper()
	fake := edgetest.NewFake(t, "127.0.0.1:0")
	fake.AnswerWith(&depot.Item{Id: "1", Etag: "e1"}, nil)
	g := newGatewayTo(t, fake.Address, change)
	g.Fake = fake
	return g
}

func newGatewayTo(t *testing.T, target string, changes ...func(*edge.Settings)) *gateway {
	t.Helper()
	conn, err := upstream.Connect(target, nil, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	settings := edge.Settings{
		MaxBodyBytes:   4 << 20,
		RequestTimeout: requestTimeout,
		StreamIdle:     2 * requestTimeout,
		Log:            slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	for _, change := range changes {
		change(&settings)
	}
	e, err := edge.New(contract.Contract(), settings, conn)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http1.Server{
		Handler: e, Refusal: func(status int) []byte { return problem.Refusal(status).Response(header.OfRefusal(false)) },
		HeadBytes: limits.TargetBytes + limits.HeaderBytes, LineBytes: limits.TargetBytes,
		Log:         slog.New(slog.DiscardHandler),
		HeadTimeout: 10 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute,
	}
	go server.Serve(listener) //nolint:errcheck // ends with Close
	t.Cleanup(server.Close)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &gateway{
		Listener: listener, URL: "http://" + listener.Addr().String(),
		server: server, client: &http.Client{Transport: transport}, edge: e, t: t,
	}
}

// Close waits until all requests have ended.
func (g *gateway) Close() {
	if err := g.server.Shutdown(g.t.Context()); err != nil {
		g.t.Error(err)
	}
}

// Client returns a client of its own connections.
func (g *gateway) Client() *http.Client { return g.client }

// do sends a request. headers are names and values in turn; an empty value removes
// a header.
func (g *gateway) do(verb, target, body string, headers ...string) *http.Response {
	g.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	return g.send(verb, target, reader, headers...)
}

func (g *gateway) send(verb, target string, body io.Reader, headers ...string) *http.Response {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	g.t.Cleanup(cancel)
	request, err := http.NewRequestWithContext(ctx, verb, g.URL+target, body)
	if err != nil {
		g.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		if headers[i+1] == "" {
			request.Header.Del(headers[i])
		} else {
			request.Header.Add(headers[i], headers[i+1])
		}
	}
	response, err := g.Client().Do(request)
	if err != nil {
		g.t.Fatal(err)
	}
	g.t.Cleanup(func() { response.Body.Close() })
	return response
}

// golden sends a request and compares the response with testdata/NAME.http.
func (g *gateway) golden(name, verb, target, body string, headers ...string) {
	g.t.Helper()
	edgetest.GoldenResponse(g.t, name+".http", g.do(verb, target, body, headers...))
}

// expectRequest compares the last request that the server received.
func (g *gateway) expectRequest(want proto.Message) {
	g.t.Helper()
	last := g.Last()
	if last == nil {
		g.t.Fatal("the server was not asked")
	}
	if !proto.Equal(last.Request, want) {
		g.t.Errorf("the server was asked\n  %s\nnot\n  %s", prototext.Format(last.Request), prototext.Format(want))
	}
}

func (g *gateway) expectUnasked() {
	g.t.Helper()
	if last := g.Last(); last != nil {
		g.t.Errorf("the server was asked %s %v", last.Method, last.Request)
	}
}

func (g *gateway) expectBody(target, want string) {
	g.t.Helper()
	response := g.do("GET", target, "")
	expectStatus(g.t, response, 200)
	if body, _ := io.ReadAll(response.Body); string(body) != want {
		g.t.Errorf("%s: %s, not %s", target, body, want)
	}
}

func expectStatus(t *testing.T, response *http.Response, status int) {
	t.Helper()
	if response.StatusCode != status {
		body, _ := io.ReadAll(response.Body)
		t.Errorf("status %d, not %d: %s", response.StatusCode, status, body)
	}
}

func expectHeader(t *testing.T, response *http.Response, name, value string) {
	t.Helper()
	if got := strings.Join(response.Header.Values(name), "|"); got != value {
		t.Errorf("%s: %q, not %q", name, got, value)
	}
}
