package edge_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"dataservice/gateway/edgetest"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

func TestOnlyNamedHeadersArePassed(t *testing.T) {
	g := newGateway(t)
	expectStatus(t, g.do("GET", "/item/1", "", "Authorization", "Bearer x", "Cookie", "a=b", "Accept-Language", "de",
		"Grpc-Metadata-Resource-Created", "true", "Grpc-Metadata-X", "y", "X-Own", "z", "Connection", "X-Own",
		"Te", "trailers", "X-Forwarded-For", "1.2.3.4", "Idempotency-Key", "k", "Origin", "http://x"), 200)
	md := g.Last().Metadata
	if got := md.Get("authorization"); !slices.Equal(got, []string{"Bearer x"}) {
		t.Errorf("authorization %q", got)
	}
	if got := md.Get("x-forwarded-for"); !slices.Equal(got, []string{"127.0.0.1"}) {
		t.Errorf("x-forwarded-for %q", got)
	}
	for name := range md {
		switch name {
		case ":authority", "content-type", "user-agent", "authorization", "x-forwarded-for", "x-forwarded-host",
			"x-forwarded-proto", "x-request-id", "idempotency-key", "grpc-accept-encoding", "response-json", "response-values":
		default:
			t.Errorf("metadata %s: %q", name, md[name])
		}
	}
}

func TestHeadersThatMetadataCannotCarry(t *testing.T) {
	g := newGateway(t)
	g.golden("errors/header", "PUT", "/item/1", `{"displayName":"x"}`, "If-Match", "\"\xc3\xbc\"")
	g.golden("errors/timeout_header", "PUT", "/item/1", `{"displayName":"x"}`, "Grpc-Timeout", "soon")
	g.golden("errors/two_types", "PUT", "/item/1", `{"displayName":"x"}`, "Content-Type", "text/plain")
	for name, value := range map[string]string{"Content-Encoding": "identity", "Authorization": "a", "Grpc-Timeout": "1S"} {
		expectStatus(t, g.do("PUT", "/item/1", `{"displayName":"x"}`, name, value, name, value), 400)
	}
	for _, timeout := range []string{"100000000S", "-1S", "S", "1"} {
		expectStatus(t, g.do("GET", "/item/1", "", "Grpc-Timeout", timeout), 400)
	}
	g.golden("errors/two_keys", "PUT", "/item/1", `{"displayName":"x"}`, "Idempotency-Key", "a", "Idempotency-Key", "b")
	g.expectUnasked()
	expectStatus(t, g.do("GET", "/item/1", "", "X-Forwarded-For", "\xff", "X-Forwarded-Host", "\xc3\xbc", "Authorization", "\xff"), 200)
	if md := g.Last().Metadata; md.Get("authorization") != nil {
		t.Errorf("metadata %v", md)
	}
}

func TestDeadlines(t *testing.T) {
	g := newGateway(t)
	left := make(chan time.Duration, 1)
	never := make(chan bool)
	defer close(never)
	g.Answer(func(ctx context.Context, _ *edgetest.Call) (proto.Message, error) {
		deadline, _ := ctx.Deadline()
		left <- time.Until(deadline)
		if time.Until(deadline) < time.Second {
			<-never
		}
		return &depot.Item{}, nil
	})
	expectStatus(t, g.do("GET", "/item/1", ""), 200)
	if d := <-left; d < time.Second || d > requestTimeout {
		t.Errorf("%v left, of %v", d, requestTimeout)
	}
	expectStatus(t, g.do("GET", "/item/1", "", "Grpc-Timeout", "1H"), 200)
	if d := <-left; d > requestTimeout {
		t.Errorf("a client extended the deadline to %v", d)
	}
	expectStatus(t, g.do("GET", "/item/1", "", "Grpc-Timeout", "2562048H"), 200) // more than Go's durations
	if d := <-left; d < time.Second || d > requestTimeout {
		t.Errorf("%v left, of %v", d, requestTimeout)
	}
	expectStatus(t, g.do("GET", "/item/1", "", "Grpc-Timeout", "99999999M"), 200)
	<-left
	g.golden("errors/read_deadline", "GET", "/item/1", "", "Grpc-Timeout", "50m")
	<-left
	g.golden("errors/write_deadline", "PUT", "/item/1", `{"displayName":"x"}`, "Grpc-Timeout", "50m")
}

func TestAClientThatLeavesCancelsItsCall(t *testing.T) {
	g := newGateway(t)
	started, cancelled := make(chan bool), make(chan bool)
	g.Answer(func(ctx context.Context, _ *edgetest.Call) (proto.Message, error) {
		close(started)
		<-ctx.Done()
		close(cancelled)
		return nil, ctx.Err()
	})
	ctx, leave := context.WithCancel(t.Context())
	go func() {
		<-started
		leave() // closes the connection
	}()
	request, _ := http.NewRequestWithContext(ctx, "GET", g.URL+"/item/1", nil)
	if response, err := g.Client().Do(request); err == nil {
		response.Body.Close()
		t.Errorf("status %d", response.StatusCode)
	}
	select {
	case <-cancelled:
	case <-time.After(3 * time.Second):
		t.Error("the call goes on")
	}
}
