package edge_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"dataservice/gateway/edge"
	depot "dataservice/gateway/gen/testdepot/pb/depot/v1"
)

// exporter sends this number of items of this size, and then ends with an error.
func exporter(count, size int, end error) func(grpc.ServerStream) error {
	return func(stream grpc.ServerStream) error {
		if err := stream.RecvMsg(&depot.ExportItemsRequest{}); err != nil {
			return err
		}
		for i := range count {
			item := &depot.Item{DisplayName: fmt.Sprint(i)}
			if size > 0 {
				item.Photo = make([]byte, size)
			}
			if err := stream.SendMsg(item); err != nil {
				return err
			}
		}
		return end
	}
}

func TestExportWritesRowsAsLines(t *testing.T) {
	g := newGateway(t)
	g.Serve(exporter(3000, 0, nil))
	response := g.do("GET", "/item:export", "")
	expectStatus(t, response, 200)
	expectHeader(t, response, "Content-Type", lines)
	scanner := bufio.NewScanner(response.Body)
	n := 0
	for ; scanner.Scan(); n++ {
		if want := fmt.Sprintf(`{"id":"","displayName":"%d","amount":0,`, n); !strings.HasPrefix(scanner.Text(), want) {
			t.Fatalf("line %d: %s", n, scanner.Text())
		}
	}
	if n != 3000 || scanner.Err() != nil {
		t.Errorf("%d lines, %v", n, scanner.Err())
	}
}

func TestExportOfNothing(t *testing.T) {
	g := newGateway(t)
	g.Serve(exporter(0, 0, nil))
	response := g.do("GET", "/item:export", "")
	expectStatus(t, response, 200)
	expectHeader(t, response, "Content-Type", lines)
	if body, err := io.ReadAll(response.Body); len(body) > 0 || err != nil {
		t.Errorf("%q, %v", body, err)
	}
}

func TestExportThatFailsAtOnceIsAProblem(t *testing.T) {
	g := newGateway(t)
	g.Serve(exporter(0, 0, status.Error(codes.InvalidArgument, "bad filter")))
	g.golden("errors/export_filter", "GET", "/item:export", "")
	g.Fake.Stop()
	expectStatus(t, g.do("GET", "/item:export", ""), 503)
}

func TestExportThatFailsLaterIsBrokenOff(t *testing.T) {
	g := newGateway(t)
	g.Serve(exporter(10, 0, status.Error(codes.Unavailable, "gone")))
	response := g.do("GET", "/item:export", "")
	expectStatus(t, response, 200)
	if body, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("a part was taken for the whole: %q", body)
	}
}

// The client receives rows as soon as the gateway does.
func TestExportFlushes(t *testing.T) {
	g := newGateway(t)
	next := make(chan struct{})
	g.Serve(func(stream grpc.ServerStream) error {
		_ = stream.RecvMsg(&depot.ExportItemsRequest{})
		for range 3 {
			_ = stream.SendMsg(&depot.Item{})
			<-next
		}
		return nil
	})
	scanner := bufio.NewScanner(g.do("GET", "/item:export", "").Body)
	for range 3 {
		if !scanner.Scan() {
			t.Fatal("no line")
		}
		next <- struct{}{}
	}
	if scanner.Scan() || scanner.Err() != nil {
		t.Errorf("%q, %v", scanner.Text(), scanner.Err())
	}
}

func TestExportOutlivesTheRequestTimeout(t *testing.T) {
	g := newGateway(t)
	g.Serve(func(stream grpc.ServerStream) error {
		_ = stream.RecvMsg(&depot.ExportItemsRequest{})
		if _, limited := stream.Context().Deadline(); limited {
			return errors.New("there is a deadline")
		}
		return nil
	})
	expectStatus(t, g.do("GET", "/item:export", ""), 200)
	expectStatus(t, g.do("GET", "/item:export", "", "Grpc-Timeout", "1H"), 500) // the client's own timeout applies
}

func TestExportWaitsForTheClientAndEndsWithIt(t *testing.T) {
	g := newGateway(t)
	var sent atomic.Int64
	ended := make(chan struct{})
	g.Serve(func(stream grpc.ServerStream) error {
		defer close(ended)
		_ = stream.RecvMsg(&depot.ExportItemsRequest{})
		for {
			if err := stream.SendMsg(&depot.Item{Photo: make([]byte, 100000)}); err != nil {
				return err
			}
			sent.Add(1)
		}
	})
	ctx, cancel := context.WithCancel(context.Background())
	request, _ := http.NewRequestWithContext(ctx, "GET", g.URL+"/item:export", nil)
	response, err := g.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	for last, calm := int64(-1), 0; calm < 30; time.Sleep(10 * time.Millisecond) {
		if now := sent.Load(); now == last {
			calm++
		} else {
			last, calm = now, 0
		}
		if sent.Load() > 2000 {
			t.Fatal("200 MB were sent to a client that reads nothing")
		}
	}
	cancel()
	response.Body.Close()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Error("the stream did not end with its client")
	}
}

func TestExportToAClientThatTakesNothing(t *testing.T) {
	g := newGatewayWith(t, func(s *edge.Settings) { s.StreamIdle = 200 * time.Millisecond })
	g.Serve(exporter(1000, 1000000, nil))
	response := g.do("GET", "/item:export", "")
	time.Sleep(time.Second) // longer than StreamIdle
	if _, err := io.Copy(io.Discard, response.Body); err == nil {
		t.Error("the whole came after all")
	}
}

func TestHeadOfAnExport(t *testing.T) {
	g := newGateway(t)
	g.Serve(exporter(10, 0, nil))
	response := g.do("HEAD", "/item:export", "")
	expectStatus(t, response, 200)
	expectHeader(t, response, "Content-Type", lines)
}
