package serve

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
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

var addressPattern = regexp.MustCompile(`"http_address":"([^"]+)"`)

func start(t *testing.T, target string, flags ...string) *process {
	t.Helper()
	stop, cancel := context.WithCancel(context.Background())
	p := &process{t: t, log: &logPipe{lines: make(chan string, 1000)}, stop: cancel, exit: make(chan int, 1)}
	flags = append([]string{"--http_address=127.0.0.1:0", "--grpc_target=" + target}, flags...)
	go func() { p.exit <- run(stop, contract.Contract(), flags, noEnvironment, p.log) }()
	t.Cleanup(cancel)
	p.address = addressPattern.FindStringSubmatch(p.waitFor(`"event":"serving"`))[1]
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
	p.waitFor(`"event":"draining"`)
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
	p.waitFor("server_reached")
	p.raw("GET /item/1?x=secret HTTP/1.1\r\nHost: x\r\n\r\n")
	line := p.waitFor(`"event":"request"`)
	if !strings.Contains(line, `"route":"/item/{id}","method":"depot.v1.ItemService/GetItem","status":400`) || strings.Contains(line, "secret") {
		t.Error(line)
	}
	fake.Stop()
	p.waitFor("server_unreachable")
	edgetest.NewFake(t, fake.Address)
	p.waitFor("server_reached")
}
