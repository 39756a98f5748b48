package serve

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"dataservice/gateway/edgetest"
	"dataservice/gateway/gen/testdepot/contract"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// process is a gateway in this process, started as Main does.
type process struct {
	t       *testing.T
	address string
	log     *logPipe
	stop    context.CancelFunc
	exit    chan int
}

// logPipe stores what was logged, and passes on each line.
type logPipe struct {
	lines chan string
	text  bytes.Buffer
}

func (l *logPipe) Write(text []byte) (int, error) {
	l.text.Write(text)
	l.lines <- string(text)
	return len(text), nil
}

var addressPattern = regexp.MustCompile(`http_address=(\S+)`)

func start(t *testing.T, target string, flags ...string) *process {
	t.Helper()
	stop, cancel := context.WithCancel(context.Background())
	p := &process{t: t, log: &logPipe{lines: make(chan string, 1000)}, stop: cancel, exit: make(chan int, 1)}
	flags = append([]string{"--http_address=127.0.0.1:0", "--grpc_target=" + target}, flags...)
	go func() { p.exit <- run(stop, contract.Contract(), flags, noEnvironment, p.log) }()
	t.Cleanup(cancel)
	p.address = addressPattern.FindStringSubmatch(p.waitFor("gateway serves"))[1]
	return p
}

func noEnvironment(string) (string, bool) { return "", false }

func (p *process) waitFor(text string) string {
	p.t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		select {
		case line := <-p.log.lines:
			if strings.Contains(line, text) {
				return line
			}
		case <-timeout:
			p.t.Fatalf("%q was not logged", text)
		}
	}
}

func (p *process) wait() int {
	p.t.Helper()
	select {
	case code := <-p.exit:
		return code
	case <-time.After(10 * time.Second):
		p.t.Fatal("the gateway does not end")
		return 0
	}
}

// raw sends a text and reads one response.
func (p *process) raw(text string) *http.Response {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	go io.WriteString(conn, text)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return response
}

func newFake(t *testing.T) *edgetest.Fake {
	fake := edgetest.NewFake(t, "127.0.0.1:0")
	fake.AnswerWith(&depot.Item{Id: "1"}, nil)
	return fake
}

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

// net/http rejects a request on a connection that already served others, even if
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

// Only errors of net/http are replaced.
func TestOtherResponsesOfTheHTTPServer(t *testing.T) {
	p := start(t, newFake(t).Address)
	response := p.raw("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
	if response.StatusCode != 200 || response.ContentLength != 0 {
		t.Errorf("OPTIONS *: %s", response.Status)
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

func TestAPortThatIsTaken(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	var output bytes.Buffer
	code := run(t.Context(), contract.Contract(), []string{"--http_address", listener.Addr().String()}, noEnvironment, &output)
	if code != 1 || !strings.Contains(output.String(), "cannot listen on --http_address "+listener.Addr().String()) ||
		!strings.Contains(output.String(), "address already in use") {
		t.Errorf("exit %d: %s", code, &output)
	}
}

func TestDrainingFinishesRequests(t *testing.T) {
	fake := newFake(t)
	started, finish := make(chan bool), make(chan bool)
	fake.Answer(func(context.Context, *edgetest.Call) (proto.Message, error) {
		close(started)
		<-finish
		return &depot.Item{Id: "1"}, nil
	})
	p := start(t, fake.Address, "--drain_delay=200ms")
	answered := make(chan string, 1)
	go func() {
		response, err := http.Get("http://" + p.address + "/item/1")
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		answered <- response.Status
	}()
	<-started
	p.stop()
	p.waitFor("gateway drains")
	response := p.raw("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n") // within --drain_delay
	if response.StatusCode != 503 {
		t.Errorf("/readyz while draining: %d", response.StatusCode)
	}
	for { // until the listener is closed
		conn, err := net.Dial("tcp", p.address)
		if err != nil {
			break
		}
		conn.Close()
		time.Sleep(10 * time.Millisecond)
	}
	close(finish)
	if got := <-answered; got != "200 OK" {
		t.Errorf("the request at work got %s", got)
	}
	if code := p.wait(); code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestDrainingEnds(t *testing.T) {
	fake := newFake(t)
	started := make(chan bool)
	fake.Answer(func(ctx context.Context, _ *edgetest.Call) (proto.Message, error) {
		close(started)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	p := start(t, fake.Address, "--drain_timeout=50ms")
	go http.Get("http://" + p.address + "/item/1") //nolint:errcheck // is cut off
	<-started
	p.stop()
	if code := p.wait(); code != 1 || !strings.Contains(p.log.text.String(), "cut off") {
		t.Errorf("exit %d: %s", code, &p.log.text)
	}
}

func TestTheServersComingAndGoingIsLogged(t *testing.T) {
	fake := newFake(t)
	p := start(t, fake.Address, "--access_log")
	p.waitFor("data service reached")
	p.raw("GET /item/1?x=secret HTTP/1.1\r\nHost: x\r\n\r\n")
	line := p.waitFor("msg=request")
	if !strings.Contains(line, "path=/item/1 method=depot.v1.ItemService.GetItem status=400") || strings.Contains(line, "secret") {
		t.Error(line)
	}
	fake.Stop()
	p.waitFor("data service cannot be reached")
	edgetest.NewFake(t, fake.Address)
	p.waitFor("data service reached")
}

func TestSettings(t *testing.T) {
	environment := func(values map[string]string) func(string) (string, bool) {
		return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
	}
	s, err := parseSettings([]string{"--request_timeout=3s"}, environment(map[string]string{
		"REQUEST_TIMEOUT": "9s", "GRPC_TARGET": "dns:///server:1", "ACCESS_LOG": "true",
	}), os.Stderr)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintln(s.requestTimeout, s.grpcTarget, s.accessLog, s.httpAddress, s.maxBodyBytes); got !=
		"3s dns:///server:1 true 127.0.0.1:8080 4194304\n" {
		t.Error(got)
	}
	for _, wrong := range [][]string{{"--nonsense"}, {"x"}, {"--max_body_bytes=0"}, {"--request_timeout=0s"}, {"--drain_timeout=x"}} {
		if code := run(t.Context(), contract.Contract(), wrong, noEnvironment, io.Discard); code != 2 {
			t.Errorf("%v: exit %d", wrong, code)
		}
	}
	if code := run(t.Context(), contract.Contract(), nil, environment(map[string]string{"READ_TIMEOUT": "x"}), io.Discard); code != 2 {
		t.Errorf("exit %d", code)
	}
	if code := run(t.Context(), contract.Contract(), []string{"--help"}, noEnvironment, io.Discard); code != 0 {
		t.Errorf("exit %d", code)
	}
}
