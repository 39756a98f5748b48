package upstream

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"dataservice/gateway/edgetest"
	"dataservice/gateway/gen/engine"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

const getItem = "/depot.v1.ItemService/GetItem"

func TestNames(t *testing.T) {
	got := names("a:1, dns:///b:2,[::1]:3,127.0.0.1:4,unix:/tmp/socket,dns://resolver/c:5,d,:6")
	want := []name{
		{"a:1", "a", "1"}, {"dns:///b:2", "b", "2"}, {"[::1]:3", "::1", "3"}, {"127.0.0.1:4", "127.0.0.1", "4"},
		{"unix:/tmp/socket", "", ""}, {"dns://resolver/c:5", "", ""}, {"d", "", ""}, {":6", "", "6"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for i, isFixed := range []bool{false, false, true, true, true, true, true, true} {
		if got[i].isFixed() != isFixed {
			t.Errorf("%q: isFixed is %v", got[i].text, !isFixed)
		}
	}
}

// newFake starts a server that answers each call with the id.
func newFake(t *testing.T, address, id string) *edgetest.Fake {
	fake := edgetest.NewFake(t, address)
	fake.AnswerWith(&depot.Item{Id: id}, nil)
	return fake
}

func connectTo(t *testing.T, target string, lookup lookup) *Conn {
	t.Helper()
	c, err := connect(target, nil, slog.New(slog.DiscardHandler), lookup)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// start connects a target and waits until all servers are connected.
func start(t *testing.T, target string, lookup lookup) *Conn {
	t.Helper()
	c := connectTo(t, target, lookup)
	c.Start()
	awaitServers(t, c)
	return c
}

func awaitServers(t *testing.T, c *Conn) {
	t.Helper()
	end := time.Now().Add(10 * time.Second)
	for slices.ContainsFunc(*c.servers.Load(), func(s *server) bool { return s.rank() == 0 }) {
		if time.Now().After(end) {
			t.Fatal("a server is not connected")
		}
		time.Sleep(time.Millisecond)
	}
}

// callOnce makes a call and returns the id in its answer.
func callOnce(t *testing.T, c *Conn, isRead bool) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	reply, err := c.call(ctx, getItem, nil, nil, isRead)
	defer reply.Free()
	// The id is the first field of the answer.
	if text := reply.Bytes(); len(text) > 2 {
		return string(text[2 : 2+text[1]]), err
	}
	return "", err
}

// answers makes calls and counts by which server they were answered.
func answers(t *testing.T, c *Conn) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for range 10 {
		id, err := callOnce(t, c, false)
		if err != nil {
			t.Fatal(err)
		}
		counts[id]++
	}
	return counts
}

func expectAnswers(t *testing.T, c *Conn, a, b int) {
	t.Helper()
	if counts := answers(t, c); counts["a"] != a || counts["b"] != b {
		t.Errorf("got %v, want a:%d b:%d", counts, a, b)
	}
}

func TestServersTakeTurns(t *testing.T) {
	a, b := newFake(t, "127.0.0.1:0", "a"), newFake(t, "127.0.0.1:0", "b")
	expectAnswers(t, start(t, a.Address+","+b.Address, nil), 5, 5)
}

func TestServersThatDoNotServeGetCallsOnlyIfNoneServes(t *testing.T) {
	a, b := newFake(t, "127.0.0.1:0", "a"), newFake(t, "127.0.0.1:0", "b")
	c := start(t, a.Address+","+b.Address, nil)
	a.Health.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	c.checkServers()
	expectAnswers(t, c, 0, 10)
	b.Health.SetServingStatus("", healthpb.HealthCheckResponse_NOT_SERVING)
	c.checkServers()
	expectAnswers(t, c, 5, 5)
	a.Health.SetServingStatus("", healthpb.HealthCheckResponse_SERVING)
	c.checkServers()
	expectAnswers(t, c, 10, 0)
}

func TestAServerThatIsAwayGetsNoCalls(t *testing.T) {
	a, b := newFake(t, "127.0.0.1:0", "a"), newFake(t, "127.0.0.1:0", "b")
	c := start(t, a.Address+","+b.Address, nil)
	a.Stop()
	for range 10 {
		// The loss of a call that reads is not seen by its caller.
		if id, err := callOnce(t, c, true); err != nil || id != "b" {
			t.Fatal(id, err)
		}
	}
}

func unavailable(t *testing.T, reason engine.ErrorReason) error {
	st, err := status.New(codes.Unavailable, "x").WithDetails(&errdetails.ErrorInfo{Reason: reason.String()})
	if err != nil {
		t.Fatal(err)
	}
	return st.Err()
}

func TestCallsThatDidNothingAreRepeated(t *testing.T) {
	a, b := newFake(t, "127.0.0.1:0", "a"), newFake(t, "127.0.0.1:0", "b")
	c := start(t, a.Address+","+b.Address, nil)
	for _, reason := range []engine.ErrorReason{engine.ErrorReason_SHUTTING_DOWN, engine.ErrorReason_DATABASE_UNAVAILABLE} {
		a.AnswerWith(nil, unavailable(t, reason))
		expectAnswers(t, c, 0, 10)
	}
	// gRPC answers a call that arrives just when its server stops.
	stopped := status.Error(codes.Canceled, "CANCELLED")
	a.AnswerWith(nil, stopped)
	for range 10 {
		if _, err := callOnce(t, c, true); err != nil {
			t.Error(err)
		}
	}
	for _, err := range []error{unavailable(t, engine.ErrorReason_OUTCOME_UNKNOWN), stopped} {
		a.AnswerWith(nil, err)
		failed := 0
		for range 10 {
			if _, err := callOnce(t, c, false); err != nil {
				failed++
			}
		}
		if failed != 5 {
			t.Errorf("%v: %d of 10 failed", err, failed)
		}
	}
	for _, fake := range []*edgetest.Fake{a, b} {
		fake.AnswerWith(nil, unavailable(t, engine.ErrorReason_SHUTTING_DOWN))
	}
	if _, err := callOnce(t, c, false); status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
}

func TestServersAreFoundByName(t *testing.T) {
	a := newFake(t, "127.0.0.1:0", "a")
	_, port, _ := net.SplitHostPort(a.Address)
	b := newFake(t, "127.0.0.2:"+port, "b")
	addresses, failure := []string{"127.0.0.1"}, error(nil)
	// It is not started, so that the test alone resolves the name.
	c := connectTo(t, "example.test:"+port, func(_ context.Context, host string) ([]string, error) {
		if host != "example.test" {
			t.Errorf("asked for %s", host)
		}
		return addresses, failure
	})
	resolve := func(list ...string) {
		t.Helper()
		addresses = list
		if err := c.resolve(); err != nil {
			t.Fatal(err)
		}
		awaitServers(t, c)
	}
	awaitServers(t, c)
	expectAnswers(t, c, 10, 0)
	resolve("127.0.0.1", "127.0.0.2")
	expectAnswers(t, c, 5, 5)
	if call := b.Last(); call.Metadata.Get(":authority")[0] != "example.test:"+port {
		t.Errorf("the authority is %v", call.Metadata)
	}
	resolve("127.0.0.2")
	expectAnswers(t, c, 0, 10)
	failure = io.ErrUnexpectedEOF
	resolve()
	expectAnswers(t, c, 0, 10)
}

func TestANameThatCannotBeResolvedAtFirst(t *testing.T) {
	a := newFake(t, "127.0.0.1:0", "a")
	_, port, _ := net.SplitHostPort(a.Address)
	var isKnown atomic.Bool
	c := start(t, "example.test:"+port, func(context.Context, string) ([]string, error) {
		if !isKnown.Load() {
			return nil, errors.New("no such host")
		}
		return []string{"127.0.0.1"}, nil
	})
	if _, err := callOnce(t, c, true); status.Code(err) != codes.Unavailable {
		t.Error(err)
	}
	isKnown.Store(true)
	for began := time.Now(); time.Since(began) < 3*time.Second; time.Sleep(10 * time.Millisecond) {
		if id, err := callOnce(t, c, true); err == nil && id == "a" {
			return
		}
	}
	t.Error("the server was not found")
}
